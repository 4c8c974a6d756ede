package dev.filestore.metrics;

import dev.filestore.Operation;
import dev.filestore.OperationObserver;
import dev.filestore.metrics.FileStoreObservations.Context;
import dev.filestore.metrics.FileStoreObservations.OperationFailedException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/** The observation of one operation, and its scope on the thread that does it. */
final class ObservedOperation implements OperationObserver.Course {

    private final ObservationRegistry registry;
    private final Observation observation;
    private final Context context;
    private final Observation.@Nullable Scope outer;
    private Observation.@Nullable Scope scope;

    ObservedOperation(ObservationRegistry registry, Observation observation, Context context) {
        this.registry = registry;
        this.observation = observation;
        this.context = context;
        this.outer = registry.getCurrentObservationScope();
    }

    void start() {
        try {
            observation.start();
            scope = observation.openScope();
        } catch (Throwable e) {
            // A handler failed. Its scope is current by then, and nobody else would close it.
            scope = registry.getCurrentObservationScope();
            stopQuietly(e);
            throw e;
        }
    }

    private void stopQuietly(Throwable failure) {
        try {
            left();
            observation.stop();
        } catch (Throwable e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void entered(Operation.Stage stage) {
        observation.event(Observation.Event.of(OperationConvention.label(stage)));
    }

    @Override
    public void left() {
        Observation.Scope opened = scope;
        if (opened == null || opened == outer) {
            return;
        }
        try {
            opened.close();
        } finally {
            // Also where a handler failed, for the thread's next work is not ours.
            registry.setCurrentObservationScope(outer);
        }
    }

    @Override
    public void finished(Operation operation, @Nullable Throwable failure) {
        context.finished(operation);
        try {
            if (failure != null && isError(operation.outcome())) {
                observation.error(new OperationFailedException(operation, failure));
            }
        } finally {
            observation.stop();
        }
    }

    /** What was refused, is not there, or was broken off by its uploader is an answer, and nobody's to be woken for. */
    private static boolean isError(Operation.Outcome outcome) {
        return switch (outcome) {
            case STORAGE_FAILED, DATABASE_FAILED, SCANNER_FAILED, ERROR -> true;
            case SUCCESS, REFUSED, MISSING, FORBIDDEN, BROKEN_SOURCE -> false;
        };
    }
}

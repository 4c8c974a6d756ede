package dev.filestore.metrics;

import dev.filestore.Operation;
import dev.filestore.OperationObserver;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An observation of Micrometer for each operation of a store, and so a span where the host traces:
 * {@code FileStore.builder().observer(new FileStoreObservations(registry))}; {@code docs/operations.md} lists its keys. Thread-safe.
 * The registry stays the caller's.
 *
 * <p>The parent is the observation that is current on the caller's thread, and the operation's is the current one while that thread
 * is in it. The scope is closed by the thread that opened it, whatever happens; a download's when its stream is handed
 * out, while the observation goes on until the stream is closed.
 *
 * <p>No name, key, owner or address is told to the registry, nor an exception, whose message may hold them. A
 * {@link GlobalObservationConvention} for the {@link Context} that is set in the registry names things otherwise.
 *
 * @see <a href="https://docs.micrometer.io/micrometer/reference/observation.html">Micrometer: observation</a>
 */
public final class FileStoreObservations implements OperationObserver {

    private final ObservationRegistry registry;
    private final OperationConvention convention;

    /**
     * Makes observations without key values of the host's own.
     *
     * @param registry takes the observations
     */
    public FileStoreObservations(ObservationRegistry registry) {
        this(registry, KeyValues.empty());
    }

    /**
     * Makes observations with key values that tell this store from others in the same registry.
     *
     * @param registry takes the observations
     * @param keyValues stand at every observation, of low cardinality
     */
    public FileStoreObservations(ObservationRegistry registry, KeyValues keyValues) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.convention = new OperationConvention(keyValues);
    }

    @Override
    public @Nullable Course begun(Operation.Kind kind) {
        if (registry.isNoop()) {
            return null;
        }
        Context context = new Context(kind);
        Observation observation = Observation.createNotStarted(null, convention, () -> context, registry);
        if (observation.isNoop()) {
            return null;
        }
        ObservedOperation operation = new ObservedOperation(registry, observation, context);
        operation.start();
        return operation;
    }

    /** What a convention, a predicate or a handler is told of an operation. */
    public static final class Context extends Observation.Context {

        private final Operation.Kind kind;
        private @Nullable Operation operation;

        Context(Operation.Kind kind) {
            this.kind = kind;
        }

        void finished(Operation finished) {
            operation = finished;
        }

        /**
         * What is done.
         *
         * @return the kind, which stays the same
         */
        public Operation.Kind kind() {
            return kind;
        }

        /**
         * What was done, and how it ended.
         *
         * @return the operation; null until its end
         */
        public @Nullable Operation operation() {
            return operation;
        }
    }

    /** Stands for the exception, without its message: that may hold a key. */
    static final class OperationFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OperationFailedException(Operation operation, Throwable failure) {
            super(
                    OperationConvention.label(operation.kind()) + " ended by "
                            + failure.getClass().getName(),
                    null,
                    false,
                    true);
            setStackTrace(failure.getStackTrace());
        }

        /** Made of the failure's. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}

package dev.filestore;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are told of operations as they end. Where there are none, nothing is measured and nothing made. */
final class Observers {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    private final List<OperationObserver> observers;
    private final Watch idle = new Watch();

    Observers(List<OperationObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    void built(FileStore store) {
        observers.forEach(observer -> observer.built(store));
    }

    /** Begins to measure an operation. */
    Watch start(Operation.Kind kind) {
        return observers.isEmpty() ? idle : new RunningWatch(kind);
    }

    /** Measures an operation that is known by its file alone. */
    <T> T observe(Operation.Kind kind, long fileId, @Nullable Category category, Supplier<T> operation) {
        Watch watch = start(kind);
        watch.file(fileId, category);
        try {
            T result = operation.get();
            watch.end(null);
            return result;
        } catch (Throwable e) {
            watch.end(e);
            throw e;
        }
    }

    private void tell(Consumer<OperationObserver> call) {
        for (OperationObserver observer : observers) {
            try {
                call.accept(observer);
            } catch (Throwable e) {
                // Whatever it is: the operation has been done.
                LOG.warn("an observer of operations failed", e);
            }
        }
    }

    /** Measures one operation, on one thread at a time. This one measures nothing. */
    static class Watch {

        void file(long id, @Nullable Category category) {}

        /** The stage that is under way ends, and another begins. */
        void enter(Operation.Stage stage) {}

        void bytes(long count) {}

        void swept(SweepReport report) {}

        /** Only the first end counts. */
        void end(@Nullable Throwable failure) {}
    }

    private final class RunningWatch extends Watch {

        private final Operation.Kind kind;
        private final long startedAt = System.nanoTime();
        private final Map<Operation.Stage, Duration> stages = new EnumMap<>(Operation.Stage.class);
        private long fileId;
        private @Nullable Category category;
        private long bytes;
        private Operation.@Nullable Stage stage;
        private long stageStartedAt;
        private boolean ended;

        RunningWatch(Operation.Kind kind) {
            this.kind = kind;
        }

        @Override
        void file(long id, @Nullable Category known) {
            fileId = id;
            category = known;
        }

        @Override
        void enter(Operation.Stage next) {
            long now = System.nanoTime();
            endStage(now);
            stage = next;
            stageStartedAt = now;
        }

        private void endStage(long now) {
            if (stage != null) {
                stages.put(stage, Duration.ofNanos(now - stageStartedAt));
            }
        }

        @Override
        void bytes(long count) {
            bytes = count;
        }

        @Override
        void swept(SweepReport report) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - startedAt);
            tell(observer -> observer.swept(report, elapsed));
        }

        @Override
        void end(@Nullable Throwable failure) {
            if (ended) {
                return;
            }
            ended = true;
            long now = System.nanoTime();
            endStage(now);
            Operation operation = new Operation(
                    kind,
                    Operation.Outcome.of(failure),
                    failure instanceof FileRefusedException refused ? refused.reason() : null,
                    fileId,
                    category,
                    bytes,
                    Duration.ofNanos(now - startedAt),
                    stages);
            tell(observer -> observer.finished(operation));
        }
    }
}

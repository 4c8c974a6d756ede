package dev.filestore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are told of operations. Where there are none, and none are logged, nothing is measured and nothing made. */
final class Observers {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    private final boolean onlyLog;
    private final OperationLog log = new OperationLog();
    private final List<OperationObserver> observers;
    private final Watch idle = new Watch();

    Observers(List<OperationObserver> ofTheHost) {
        this.onlyLog = ofTheHost.isEmpty();
        this.observers = new ArrayList<>(ofTheHost);
        observers.add(log);
    }

    void built(FileStore store) {
        observers.forEach(observer -> observer.built(store));
    }

    /** Begins to measure an operation, which the same thread must {@linkplain Watch#end end} or {@linkplain Watch#leave leave}. */
    Watch start(Operation.Kind kind) {
        if (onlyLog && !log.isOn()) {
            return idle;
        }
        RunningWatch watch = new RunningWatch(kind);
        watch.begin();
        return watch;
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

    private static <T> void tell(List<T> all, Consumer<T> call) {
        for (T each : all) {
            try {
                call.accept(each);
            } catch (Throwable e) {
                // Whatever it is: the operation is done all the same.
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

        /** The thread that began the operation hands it over, and has nothing more to do with it. */
        void leave() {}

        /** Only the first end counts. */
        void end(@Nullable Throwable failure) {}
    }

    private final class RunningWatch extends Watch {

        private final Operation.Kind kind;
        private final long startedAt = System.nanoTime();
        private final Map<Operation.Stage, Duration> stages = new EnumMap<>(Operation.Stage.class);
        private List<OperationObserver.Course> courses = List.of();
        private long fileId;
        private @Nullable Category category;
        private long bytes;
        private Operation.@Nullable Stage stage;
        private long stageStartedAt;
        private @Nullable SweepReport swept;
        private boolean left;
        private boolean ended;

        RunningWatch(Operation.Kind kind) {
            this.kind = kind;
        }

        /** The last to begin is the first to leave. */
        void begin() {
            tell(observers, observer -> {
                OperationObserver.Course course = observer.begun(kind);
                if (course != null) {
                    if (courses.isEmpty()) {
                        courses = new ArrayList<>(1);
                    }
                    courses.add(0, course);
                }
            });
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
            tell(courses, course -> course.entered(next));
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
            swept = report;
        }

        @Override
        void leave() {
            if (!left) {
                left = true;
                tell(courses, OperationObserver.Course::left);
            }
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
                    stages,
                    swept);
            leave();
            tell(courses, course -> course.finished(operation, failure));
            tell(observers, observer -> observer.finished(operation));
        }
    }
}

package dev.filestore;

import dev.filestore.CheckReport.Finding;
import dev.filestore.Checkable.Act;
import dev.filestore.Checkable.Probe;
import dev.filestore.Checkable.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One of the systems that a check looks at, each step in a thread of its own, until one shows that it is not there. */
final class CheckedPart {

    private final String name;
    private final @Nullable Checkable checkable;
    private final Duration deadline;
    private @Nullable String givenUp;

    /** @param part what is checked; by its own means if it has any */
    CheckedPart(String name, @Nullable Object part, Duration deadline) {
        this.name = name;
        this.checkable = part instanceof Checkable own ? own : null;
        this.deadline = deadline;
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return givenUp == null;
    }

    /** What comes after is not tried. */
    void giveUp(String why) {
        if (givenUp == null) {
            givenUp = why;
        }
    }

    List<Step> looks(Probe probe) {
        return checkable == null ? List.of() : checkable.looks(probe);
    }

    List<Step> trials(Probe probe) {
        return checkable == null ? List.of() : checkable.trials(probe);
    }

    Optional<String> cure(Act act, Exception failure) {
        return checkable == null ? Optional.empty() : checkable.cure(act, failure);
    }

    List<Finding> take(Step step) {
        return take(step, Act.LOOK);
    }

    /** @param act what the step does */
    List<Finding> take(Step step, Act act) {
        String why = givenUp;
        if (why != null) {
            return skip(step, why);
        }
        List<Finding> found = inTime(step, act);
        if (step.vital() && found.stream().anyMatch(finding -> finding.status() == CheckReport.Status.FAILED)) {
            giveUp(step.name() + " failed");
        }
        return found;
    }

    /** Nothing is asked. Where the part was given up before, that is why. */
    List<Finding> skip(Step step, String why) {
        return List.of(new Finding(
                step.name(),
                CheckReport.Status.UNKNOWN,
                "not tried, since " + (givenUp == null ? why : givenUp),
                Optional.empty()));
    }

    private List<Finding> inTime(Step step, Act act) {
        if (Thread.currentThread().isInterrupted()) {
            // A quick answer would be taken before the interrupt is seen.
            return interrupted(step);
        }
        FutureTask<List<Finding>> task = new FutureTask<>(() -> step.look().take());
        Thread thread = new Thread(task, "filestore-check");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            giveUp(step.name() + " did not answer");
            return List.of(
                    Finding.failed(
                            step.name(),
                            "no answer within " + deadline.toMillis() + " ms",
                            "See that the " + name
                                    + " can be reached from this machine: address, port, firewall, proxy, pool of connections"));
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return interrupted(step);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                return List.of(failed(step, act, failure));
            }
            if (e.getCause() instanceof LinkageError missing) {
                return List.of(Finding.failed(
                        step.name(),
                        missing.getClass().getName(),
                        "See that all libraries of the " + name + " are on the class path, in versions that fit"));
            }
            throw new AssertionError("a check broke", e.getCause());
        }
    }

    private List<Finding> interrupted(Step step) {
        giveUp("the check was interrupted");
        return List.of(
                new Finding(step.name(), CheckReport.Status.UNKNOWN, "the check was interrupted", Optional.empty()));
    }

    private Finding failed(Step step, Act act, Exception failure) {
        return Finding.failed(
                step.name(),
                reason(failure),
                cure(act, failure).orElse("See that the " + name + " works, and may be used by this program"));
    }

    /** Only messages of our own are known to hold no secret. */
    static String reason(Exception failure) {
        Throwable cause = failure.getCause();
        return failure instanceof FileStoreException
                ? failure.getMessage()
                        + (cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")")
                : failure.getClass().getName();
    }
}

package dev.filestore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of one operation in which chosen calls go wrong, on the time of a clock that it moves itself. A call that
 * hangs lets others work, in the same thread, before it goes on; where a process died another takes its place. In the
 * end all is well again, others sweep, and what is there is held against what was promised.
 */
final class FaultCase {

    /** Long after what the storages write by clocks of their own, so that it is old to an audit. */
    private static final Instant START = Instant.parse("2126-02-26T14:30:22.123456Z");

    /** Longer than the lease of an upload. */
    private static final Duration PAST_LEASES = Duration.ofMinutes(31);

    /** Longer than one sweeper has a row to itself. */
    private static final Duration PAST_SWEEP = Duration.ofMinutes(6);

    /** Longer than every grace, and than the pause between two attempts of a sweeper. */
    private static final Duration PAST_GRACES = Duration.ofHours(7);

    /** A call, by its number in the run, and what goes wrong with it. */
    record Step(int at, String call, CallFault fault) {

        /**
         * Whether a process slept for hours with all bytes in its hands and stored them then, when even the row was gone:
         * it cleans up by itself, and where that goes wrong, too, only an audit finds the object.
         */
        boolean isOverslept() {
            return fault == CallFault.FREEZES_INSIDE;
        }

        /** Whether that may be in the middle of a put. */
        boolean isInside() {
            return call.equals(CallFault.SOURCE) || call.equals(CallFault.SCAN);
        }

        @Override
        public String toString() {
            return "#" + at + " " + call + " " + fault;
        }
    }

    private final FaultStack stack;
    private final FaultOperation operation;
    private final List<Step> path;
    private final List<String> trace = new ArrayList<>();
    private final Set<String> violations = new TreeSet<>();
    private final List<SpiCalls.Body<?, ?>> late = new ArrayList<>();
    private final StoppedThreads stopped = new StoppedThreads();
    private final SettableClock clock = new SettableClock(START);
    private final FaultLedger ledger = new FaultLedger(this::report);
    private final FaultClient client = new FaultClient(this, ledger);
    private final FileStore.Builder builder;
    private final FaultListener listener;
    private final FaultView view;
    private FaultProcess process;
    private FaultProcess other;
    private boolean armed;
    private int fired;
    private boolean failed;
    private boolean cleared;
    private boolean audited;
    private boolean leftToAudit;

    FaultCase(
            FaultStack stack,
            FileStore.Builder builder,
            FaultListener listener,
            FaultOperation operation,
            List<Step> path) {
        this.listener = listener;
        listener.attach(this, ledger);
        this.stack = stack;
        this.operation = operation;
        this.path = path;
        this.builder = builder.clock(clock);
        this.view = new FaultView(
                stack,
                builder.storage(stack.storage()).metadata(stack.metadata()).build(),
                this::report);
        this.process = newProcess();
        this.other = process;
    }

    private FaultProcess newProcess() {
        return new FaultProcess(this, stack, builder);
    }

    /** Runs the case; what was wrong is empty where the promise was kept. */
    Set<String> run() {
        try {
            operation.setUp().accept(client);
            armed = true;
            operation.act().accept(client);
            look();
            clock.advance(PAST_LEASES);
            client.sweep();
            armed = false;
            heal();
            audit();
            if (operation.isListenedTo()) {
                ledger.requireTold();
            }
            view.checkRest(now());
            cleared = true;
            listener.detach();
            view.checkRemoval(process.store());
        } catch (RuntimeException | AssertionError e) {
            report("unexpected: " + e);
        } finally {
            stopped.release();
        }
        if (fired != path.size()) {
            report("the run took another way than the one before it: " + trace);
        }
        if (path.isEmpty() && failed) {
            report("failed without a fault");
        }
        return violations;
    }

    /** The calls that were made while any could go wrong. */
    List<String> trace() {
        return trace;
    }

    /** Whether a process froze for hours in the middle of a put, failed once more, and left an object without a row. */
    boolean isLeftToAudit() {
        return leftToAudit;
    }

    void report(String violation) {
        violations.add(violation);
    }

    Instant now() {
        return clock.instant();
    }

    void advance(Duration step) {
        clock.advance(step);
    }

    FaultProcess process() {
        return process;
    }

    boolean isScanned() {
        return operation.isScanned();
    }

    FaultStack stack() {
        return stack;
    }

    FaultView view() {
        return view;
    }

    /** What is to happen to the call that is about to be made. */
    @Nullable
    CallFault next(String call) {
        if (!armed) {
            return null;
        }
        int number = trace.size();
        trace.add(call);
        for (Step step : path) {
            if (step.at() == number && step.call().equals(call)) {
                fired++;
                return step.fault();
            }
        }
        return null;
    }

    void telling(FaultProcess telling, Runnable task) {
        listener.hearIn(telling, task);
    }

    void later(SpiCalls.Body<?, ?> call) {
        late.add(call);
    }

    /** The calls that nobody waits for any more take effect. */
    private void land() {
        view.mayHaveChanged();
        List<SpiCalls.Body<?, ?>> landing = List.copyOf(late);
        late.clear();
        for (SpiCalls.Body<?, ?> call : landing) {
            try {
                call.run();
            } catch (FileStoreException e) {
                // Nobody is there to hear of it.
                lookAfterCall();
            } catch (Exception e) {
                report("unexpected from a late call: " + e);
            }
        }
        lookAfterCall();
    }

    /** Time goes by, and others do their work, while the present process hangs. */
    void pass(boolean pastGraces) {
        FaultProcess hung = process;
        process = other == hung || other.isDead() ? newProcess() : other;
        operation.meanwhile().accept(client);
        clock.advance(PAST_LEASES);
        client.sweep();
        land();
        clock.advance(PAST_SWEEP);
        client.sweep();
        if (pastGraces) {
            clock.advance(PAST_GRACES);
            client.sweep();
            clock.advance(PAST_GRACES);
            client.sweep();
        }
        other = process;
        process = hung;
        look();
    }

    /** Lets the present process try something; a new one takes its place if it dies of that. */
    void attempt(boolean mayFail, Consumer<FileStore> act, Consumer<FileStoreException> onFailure) {
        FaultProcess trying = process;
        Runnable whole = () -> {
            try {
                act.accept(trying.store());
            } catch (FaultProcess.Death e) {
                return;
            } catch (FileStoreException e) {
                failed |= !mayFail;
                onFailure.accept(e);
            } catch (RuntimeException e) {
                report("unexpected: " + e);
            }
        };
        if (isStopPossible()) {
            stopped.runUntilStopped(whole);
        } else {
            whole.run();
        }
        if (trying.isDead()) {
            process = newProcess();
        }
        look();
    }

    /** The present thread goes no further before the case is over. */
    void stopForEver() {
        stopped.stopForEver();
    }

    /** A process that dies in the middle of a put must run none of the storage's own code after it. */
    private boolean isStopPossible() {
        return process.isToDieInSource()
                || path.stream()
                        .anyMatch(step -> step.isInside() && step.fault().isDeath());
    }

    private void lookAfterCall() {
        if (stack.isWatchedAtEachCall() && !cleared) {
            look();
        }
    }

    /** A call was made: readers look, and read again what may have become other than it was. */
    void made(String call) {
        if (CallFault.changes(call)) {
            view.mayHaveChanged();
        }
        lookAfterCall();
    }

    private void look() {
        ledger.see(view.visible(now()), now());
    }

    private void heal() {
        process = newProcess();
        land();
        for (Duration step : List.of(PAST_LEASES, PAST_SWEEP, PAST_GRACES, PAST_GRACES)) {
            clock.advance(step);
            if (process.store().sweep().failed() > 0) {
                report("a sweep failed when all was well");
            }
        }
        look();
    }

    /** Removes what no row knows of, where that is an audit's to do. */
    private void audit() {
        boolean overslept = path.size() > 1 && path.stream().anyMatch(Step::isOverslept);
        if (!operation.isAudited() && !overslept) {
            return;
        }
        AuditReport report = process.store().audit(FaultClient.AUDIT);
        leftToAudit = !report.isClean() && overslept;
        if (report.failed() > 0 || report.stop() != null) {
            report("an audit failed when all was well: " + report);
        }
        if (!report.isClean() && audited && path.isEmpty()) {
            report("an audit left something to the next: " + report);
        }
        clock.advance(PAST_GRACES);
        process.store().sweep();
    }

    /** An audit came to its end, and is to have left nothing where nothing went wrong. */
    void audited() {
        audited = true;
    }
}

package dev.filestore;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of one operation in which chosen calls go wrong, on the time of a clock that it moves itself. A call that
 * hangs lets others work, in the same thread, before it goes on; where a process died another takes its place. In the
 * end all is well again, others sweep, and what is there is held against what was promised.
 */
final class FaultCase {

    private static final Instant START = Instant.parse("2026-02-26T14:30:22.123456Z");

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
    private final List<Thread> stopped = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final SettableClock clock = new SettableClock(START);
    private final FaultLedger ledger = new FaultLedger(this::report);
    private final FaultClient client = new FaultClient(this, ledger);
    private final FileStore.Builder builder;
    private final FaultListener listener;
    private final FileStore reader;
    private FaultProcess process;
    private FaultProcess other;
    private final Map<Long, byte[]> read = new HashMap<>();
    private boolean armed;
    private int fired;
    private boolean failed;
    private boolean cleared;
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
        this.reader =
                builder.storage(stack.storage()).metadata(stack.metadata()).build();
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
            if (operation.isListenedTo()) {
                ledger.requireTold();
            }
            checkRest();
            checkRemoval();
        } catch (RuntimeException | AssertionError e) {
            report("unexpected: " + e);
        } finally {
            release();
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

    int partSizeBytes() {
        return stack.partSizeBytes();
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
        read.clear();
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
            runUntilStopped(whole);
        } else {
            whole.run();
        }
        if (trying.isDead()) {
            process = newProcess();
        }
        look();
    }

    /** A process that dies in the middle of a put must run none of the storage's own code after it. */
    private boolean isStopPossible() {
        return process.isToDieInSource()
                || path.stream()
                        .anyMatch(step -> step.call().equals(CallFault.SOURCE)
                                && step.fault().isDeath());
    }

    private @Nullable CompletableFuture<Boolean> running;

    private void runUntilStopped(Runnable act) {
        CompletableFuture<Boolean> outer = running;
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        running = mine;
        Thread thread = new Thread(
                () -> {
                    try {
                        act.run();
                        mine.complete(true);
                    } catch (Throwable e) {
                        mine.completeExceptionally(e);
                    }
                },
                "case");
        stopped.add(thread);
        thread.start();
        mine.join();
        running = outer;
    }

    /** The present thread goes no further before the case is over. */
    void stopForEver() {
        CompletableFuture<Boolean> mine = running;
        if (mine == null) {
            throw new IllegalStateException("nobody waits");
        }
        mine.complete(false);
        boolean over = false;
        while (!over) {
            try {
                end.await();
                over = true;
            } catch (InterruptedException e) {
                report("unexpected: " + e);
            }
        }
    }

    private void release() {
        end.countDown();
        for (Thread thread : stopped) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void lookAfterCall() {
        if (stack.isWatchedAtEachCall() && !cleared) {
            look();
        }
    }

    /** A call was made: readers look, and read again what may have become other than it was. */
    void made(String call) {
        if (CallFault.changes(call)) {
            read.clear();
        }
        lookAfterCall();
    }

    /** Readers look at all there is. */
    void look() {
        Instant now = clock.instant();
        Map<StoredFile, byte[]> visible = new HashMap<>();
        for (FileRow row : stack.metadata().listByKey("", "", 100)) {
            if (row.isVisibleAt(now)) {
                byte[] known = read.get(row.id());
                if (known != null) {
                    visible.put(row.toStoredFile(), known);
                    continue;
                }
                try (FileContent content = reader.open(row.id())) {
                    byte[] bytes = content.stream().readAllBytes();
                    visible.put(content.file(), bytes);
                    read.put(row.id(), bytes);
                } catch (IOException | FileStoreException e) {
                    report("a file that readers see cannot be read: " + e);
                }
            }
        }
        ledger.see(visible, now);
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

    /** What is there when all is over: rows and objects of whole files, and nothing else. */
    private void checkRest() {
        List<FileRow> rows = stack.metadata().listByKey("", "", 100);
        rows.stream().filter(row -> !row.isVisibleAt(now())).forEach(row -> report("a row is left " + row.state()));
        Map<String, Long> named = rows.stream().collect(Collectors.toMap(FileRow::key, FileRow::size));
        Map<String, Long> there =
                stack.storage().list("", "", 100).stream().collect(Collectors.toMap(ObjectInfo::key, ObjectInfo::size));
        if (path.size() > 1 && path.stream().anyMatch(Step::isOverslept)) {
            Set<String> orphans = new TreeSet<>(there.keySet());
            orphans.removeAll(named.keySet());
            orphans.forEach(stack.storage()::delete);
            there.keySet().removeAll(orphans);
            leftToAudit = !orphans.isEmpty();
        }
        if (!named.equals(there)) {
            report("the rows name " + named + ", and the objects are " + there);
        }
        if (!stack.unfinished().isEmpty()) {
            report("unfinished is left: " + stack.unfinished());
        }
    }

    /** What is left can be deleted, at once, and then nothing is there. */
    private void checkRemoval() {
        List<FileRow> rows = stack.metadata().listByKey("", "", 100);
        cleared = true;
        listener.detach();
        rows.forEach(row -> process.store().delete(row.id()));
        boolean left = !rows.isEmpty()
                && (!stack.metadata().listByKey("", "", 1).isEmpty()
                        || !stack.storage().list("", "", 1).isEmpty());
        if (left) {
            report("not all could be deleted in the end");
        }
    }
}

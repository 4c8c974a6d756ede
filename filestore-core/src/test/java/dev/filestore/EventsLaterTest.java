package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Listeners that are done with a deletion only later than they return: until then the row stays, and is due. */
class EventsLaterTest {

    private final StoreFixture world = new StoreFixture();
    private final Later later = new Later();
    private final FileStore store = storeWith(later, Runnable::run);

    /** Hears of deletions, and is done when the test says so. */
    private static final class Later implements FileStoreListener {
        private final List<String> events = new ArrayList<>();
        private final List<CompletableFuture<Void>> stages = new ArrayList<>();

        @Override
        public CompletionStage<Void> deletedLater(FileEvent event) {
            CompletableFuture<Void> stage = new CompletableFuture<>();
            events.add(event.id());
            stages.add(stage);
            return stage;
        }

        private void fail(int stage) {
            stages.get(stage).completeExceptionally(new IllegalStateException("not accepted"));
        }

        private void succeed(int stage) {
            stages.get(stage).complete(null);
        }
    }

    private FileStore storeWith(FileStoreListener listener, Executor executor) {
        return world.builder().listener(listener).listenerExecutor(executor).build();
    }

    /** A file old enough for its row to go with it. */
    private long deletedIn(FileStore from) {
        long id = world.store.upload(pdf("123")).id();
        world.clock.advance(Duration.ofHours(1));
        from.delete(id);
        return id;
    }

    private void sweepAfter(Duration time) {
        world.clock.advance(time);
        store.sweep();
    }

    private FileRow onlyRow() {
        return world.rows().get(0);
    }

    @Test
    void deletedLater_notDoneYet_rowStaysUntilItIs() {
        long id = deletedIn(store);
        assertThat(world.objects()).isEmpty();
        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(FileState.DELETED);
            assertThat(row.pendingEvents().deleted()).isTrue();
            assertThat(row.dueAt()).isEqualTo(world.clock.instant().plus(Events.TOLD_WITHIN));
        });

        later.succeed(0);

        assertThat(later.events).containsExactly(id + "/deleted");
        world.assertNothingLeft();
    }

    @Test
    void deletedLater_doneAtOnce_costsNothingMore() {
        FileStore atOnce = storeWith(
                new FileStoreListener() {
                    @Override
                    public CompletionStage<Void> deletedLater(FileEvent event) {
                        return CompletableFuture.completedStage(null);
                    }
                },
                Runnable::run);

        deletedIn(atOnce);

        world.assertNothingLeft();
    }

    @Test
    void deletedLater_fails_isToldAgainWithPauses() {
        long id = deletedIn(store);
        for (int attempt = 0; attempt < 4; attempt++) {
            later.fail(attempt);
            Duration pause = Duration.ofMinutes(1L << attempt);
            assertThat(onlyRow().attempts()).isEqualTo(attempt + 1);
            assertThat(onlyRow().dueAt()).isEqualTo(world.clock.instant().plus(pause));
            sweepAfter(pause.minusMillis(1));
            assertThat(later.events).hasSize(attempt + 1);
            sweepAfter(Duration.ofMillis(1));
        }

        later.succeed(4);

        assertThat(later.events).hasSize(5).containsOnly(id + "/deleted");
        world.assertNothingLeft();
    }

    @Test
    void deletedLater_givesNoStage_isToldAgain() {
        FileStore broken = storeWith(
                new FileStoreListener() {
                    @Override
                    public CompletionStage<Void> deletedLater(FileEvent event) {
                        return null;
                    }
                },
                Runnable::run);

        deletedIn(broken);

        assertThat(onlyRow().attempts()).isEqualTo(1);
        assertThat(onlyRow().pendingEvents().deleted()).isTrue();
    }

    @Test
    void deletedLater_processDiesBeforeItIsDone_sweepOfAnotherTells() {
        Later dead = new Later();
        long id = deletedIn(storeWith(dead, Runnable::run));
        sweepAfter(Events.TOLD_WITHIN.minusMillis(1));
        assertThat(later.events).isEmpty();

        sweepAfter(Duration.ofMillis(1));
        later.succeed(0);

        assertThat(later.events).containsExactly(id + "/deleted");
        world.assertNothingLeft();
    }

    @Test
    void deletedLater_doneWhenAnotherHasBeenTold_harmsNothing() {
        Later slow = new Later();
        deletedIn(storeWith(slow, Runnable::run));
        sweepAfter(Events.TOLD_WITHIN);

        slow.succeed(0);
        assertThat(world.rows()).as("the other is still at it").hasSize(1);
        later.succeed(0);

        world.assertNothingLeft();
    }

    @Test
    void deletedLater_twoListeners_rowWaitsForBoth() {
        Later other = new Later();
        FileStore two = world.builder()
                .listener(later)
                .listener(other)
                .listenerExecutor(Runnable::run)
                .build();
        deletedIn(two);

        other.succeed(0);
        assertThat(world.rows()).hasSize(1);
        later.succeed(0);

        world.assertNothingLeft();
    }

    @Test
    void deletedLater_neverDone_isGivenUpAndPutOff() throws Exception {
        CountDownLatch written = new CountDownLatch(2);
        Executor executor = task -> {
            task.run();
            written.countDown();
        };
        deletedIn(storeWith(new Later(), task -> {}));
        Events events = new Events(List.of(later), executor, world.metadata, world.clock, Duration.ofMillis(1));

        events.tell(onlyRow(), row -> {
            throw new AssertionError("nobody has heard");
        });

        assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(onlyRow().attempts()).isEqualTo(1);
        sweepAfter(Duration.ofMinutes(1));
        assertThat(later.events).hasSize(2);
        later.succeed(1);
        world.assertNothingLeft();
    }

    @Test
    void deletedLater_tooManyNotDone_theRestIsPutOff() {
        int many = 1_010;
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            ids.add(world.store.upload(pdf("123")).id());
        }
        world.clock.advance(Duration.ofHours(1));
        ids.forEach(store::delete);
        assertThat(world.metadata.listByKey("", "", many))
                .hasSize(many)
                .filteredOn(row -> row.attempts() == 1)
                .hasSize(10);

        assertThat(later.stages).as("nobody is told of the rest").hasSize(1_000);

        for (int i = 0; i < 1_000; i++) {
            later.succeed(i);
        }

        assertThat(world.rows()).hasSize(10);
        sweepAfter(Duration.ofMinutes(1));
        for (int i = 1_000; i < many; i++) {
            later.succeed(i);
        }
        world.assertNothingLeft();
    }

    @Test
    void close_waitsForThoseWhoAreDoneLater() {
        CountDownLatch closing = new CountDownLatch(1);
        FileStore ownThread = world.builder()
                .listener(new FileStoreListener() {
                    @Override
                    public CompletionStage<Void> deletedLater(FileEvent event) {
                        return CompletableFuture.runAsync(() -> await(closing), task -> new Thread(task).start());
                    }
                })
                .build();
        deletedIn(ownThread);
        assertThat(world.rows()).hasSize(1);

        closing.countDown();
        ownThread.close();

        world.assertNothingLeft();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What listeners hear, and when they hear it again. */
class EventsTest {

    private final StoreFixture world = new StoreFixture();
    private final Told told = new Told();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** Tells at once, in the thread of the operation, so that a test sees all of it when the operation returns. */
    private final FileStore store =
            world.builder().listener(told).listenerExecutor(Runnable::run).build();

    /** Its process dies before it tells anything. */
    private final FileStore dying =
            world.builder().listener(told).listenerExecutor(waiting::add).build();

    private static final class Told implements FileStoreListener {
        private final List<String> events = new ArrayList<>();
        private final List<FileFailure> failures = new ArrayList<>();
        private RuntimeException throwing;

        private void hear(String event) {
            if (throwing != null) {
                throw throwing;
            }
            events.add(event);
        }

        @Override
        public void stored(FileEvent event) {
            hear(event.id());
        }

        @Override
        public void deleted(FileEvent event) {
            hear(event.id());
        }

        @Override
        public void expired(FileEvent event) {
            hear(event.id());
        }

        @Override
        public void failed(FileFailure failure) {
            failures.add(failure);
        }

        @Override
        public void swept(SweepReport report) {
            if (!report.isEmpty()) {
                hear(report.toString());
            }
        }
    }

    private void sweepAfter(Duration time) {
        world.clock.advance(time);
        store.sweep();
    }

    @Test
    void upload_withListener_tellsOnceAndLeavesTheRowAtRest() {
        long id = store.upload(pdf("123")).id();

        assertThat(told.events).containsExactly(id + "/stored");
        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.pendingEvents()).isEqualTo(PendingEvents.NONE);
            assertThat(row.dueAt()).isNull();
        });
        sweepAfter(Duration.ofDays(1));
        assertThat(told.events).hasSize(1);
    }

    @Test
    void upload_processDiesBeforeItTells_sweepTells() {
        long id = dying.upload(pdf("123")).id();
        assertThat(world.read(id)).as("readers see it meanwhile").isEqualTo(StoreFixture.PDF);
        sweepAfter(Events.TOLD_WITHIN.minusMillis(1));
        assertThat(told.events).isEmpty();

        sweepAfter(Duration.ofMillis(1));

        assertThat(told.events).containsExactly(id + "/stored");
        sweepAfter(Duration.ofDays(1));
        assertThat(told.events).hasSize(1);
    }

    @Test
    void upload_temporaryAndUntold_isToldAndStillExpires() {
        long id = dying.upload(pdf("123").withTtl(Duration.ofHours(1))).id();
        sweepAfter(Events.TOLD_WITHIN);
        assertThat(world.rows()).singleElement().extracting(FileRow::dueAt).isNotNull();

        sweepAfter(Duration.ofHours(2));

        assertThat(told.events)
                .containsExactly(id + "/stored", id + "/expired", id + "/deleted", new SweepReport(1, 0, 1, 0) + "");
        world.assertNothingLeft();
    }

    @Test
    void upload_untoldAndExpiredByNow_isToldAllTheSame() {
        long id = dying.upload(pdf("123").withTtl(Duration.ofSeconds(1))).id();

        sweepAfter(Duration.ofHours(2));

        assertThat(told.events)
                .contains(id + "/stored", id + "/deleted")
                .containsSubsequence(id + "/stored", id + "/deleted");
        world.assertNothingLeft();
    }

    @Test
    void keep_untold_isToldAllTheSame() {
        long id = dying.upload(pdf("123").withTtl(Duration.ofHours(1))).id();
        store.keep(id);

        sweepAfter(Duration.ofDays(1));

        assertThat(told.events).containsExactly(id + "/stored");
        assertThat(world.rows()).singleElement().extracting(FileRow::dueAt).isNull();
    }

    @Test
    void keep_whileBeingTold_isNotUndone() {
        long id = dying.upload(pdf("123").withTtl(Duration.ofHours(1))).id();
        store.keep(id);

        waiting.forEach(Runnable::run);

        assertThat(told.events).containsExactly(id + "/stored");
        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.pendingEvents()).isEqualTo(PendingEvents.NONE);
            assertThat(row.dueAt()).isNull();
            assertThat(row.expiresAt()).isNull();
        });
    }

    @Test
    void delete_withListener_tellsWhenTheBytesAreGone() {
        long id = store.upload(pdf("123")).id();

        store.delete(id);

        assertThat(told.events).containsExactly(id + "/stored", id + "/deleted");
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> store.delete(id));
        world.clock.advance(Duration.ofHours(1));
        store.sweep();
        assertThat(told.events).hasSize(2);
        world.assertNothingLeft();
    }

    @Test
    void delete_processDiesBeforeItTells_sweepTells() {
        long id = dying.upload(pdf("123")).id();
        dying.delete(id);
        assertThat(world.objects()).isEmpty();
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> dying.delete(id));

        sweepAfter(Events.TOLD_WITHIN);

        assertThat(told.events).containsExactly(id + "/stored", id + "/deleted");
        sweepAfter(Duration.ofHours(1));
        assertThat(told.events).hasSize(2);
        world.assertNothingLeft();
    }

    @Test
    void delete_ofAnOldFile_leavesNoRowBehind() {
        long id = store.upload(pdf("123")).id();
        world.clock.advance(Duration.ofHours(1));

        store.delete(id);

        world.assertNothingLeft();
    }

    @Test
    void uploadThatDied_isNeverTold() {
        world.calls.fail("put", SpiCalls.Fault.BEFORE);
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> store.upload(pdf("123")));
        world.calls.heal();

        sweepAfter(Duration.ofHours(1));
        sweepAfter(Duration.ofHours(2));

        assertThat(told.events).allMatch(event -> event.startsWith("SweepReport"));
        assertThat(told.failures).singleElement().satisfies(failure -> {
            assertThat(failure.operation()).isEqualTo("upload");
            assertThat(failure.cause()).isInstanceOf(StorageException.class);
        });
        world.assertNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void acknowledgementFails_isToldAgain(SpiCalls.Fault fault) {
        long id = dying.upload(pdf("123")).id();
        world.calls.fail("compareAndSet", fault);
        waiting.forEach(Runnable::run);
        world.calls.heal();
        assertThat(told.events).containsExactly(id + "/stored");

        sweepAfter(Duration.ofHours(1));

        assertThat(told.events).hasSize(fault == SpiCalls.Fault.BEFORE ? 2 : 1).containsOnly(id + "/stored");
        assertThat(world.rows()).singleElement().extracting(FileRow::dueAt).isNull();
    }

    @Test
    void listenerThrows_operationIsNotHarmedAndItIsToldAgainWithPauses() {
        told.throwing = new IllegalStateException("broken listener");
        long id = store.upload(pdf("123")).id();
        assertThat(world.read(id)).isEqualTo(StoreFixture.PDF);
        assertThat(world.rows()).singleElement().extracting(FileRow::attempts).isEqualTo(1);
        sweepAfter(Duration.ofMinutes(1));
        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.attempts()).isEqualTo(2);
            assertThat(row.dueAt()).isEqualTo(world.clock.instant().plus(Duration.ofMinutes(2)));
        });
        store.delete(id);

        told.throwing = null;
        sweepAfter(Duration.ofDays(1));

        assertThat(told.events)
                .contains(id + "/stored", id + "/deleted")
                .containsSubsequence(id + "/stored", id + "/deleted");
        world.clock.advance(Duration.ofDays(1));
        store.sweep();
        world.assertNothingLeft();
    }

    static Stream<Throwable> whatListenersThrow() {
        return Stream.of(
                new IllegalStateException("broken listener"),
                new NoClassDefFoundError("left out of the host's archive"),
                new IOException("thrown in a language without checked exceptions"));
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwUnchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @ParameterizedTest
    @MethodSource("whatListenersThrow")
    void oneListenerThrows_theOthersHearAllTheSame(Throwable thrown) {
        FileStoreListener broken = new FileStoreListener() {
            @Override
            public void stored(FileEvent event) {
                EventsTest.<RuntimeException>throwUnchecked(thrown);
            }
        };
        FileStore two = world.builder()
                .listener(broken)
                .listener(told)
                .listenerExecutor(Runnable::run)
                .build();

        long id = two.upload(pdf("123")).id();

        assertThat(told.events).containsExactly(id + "/stored");
        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.attempts()).isEqualTo(1);
            assertThat(row.pendingEvents()).isEqualTo(PendingEvents.STORED);
        });
    }

    @Test
    void listenerThrowsForHours_expiredBytesGoInTimeAllTheSame() {
        told.throwing = new IllegalStateException("broken listener");
        store.upload(pdf("123").withTtl(Duration.ofHours(3)));
        for (int minutes = 0; minutes < 180; minutes++) {
            sweepAfter(Duration.ofMinutes(1));
        }
        assertThat(world.objects()).hasSize(1);

        sweepAfter(FileRow.EXPIRY_MARGIN);

        assertThat(world.objects()).isEmpty();
    }

    @Test
    void expireAt_whileTheTellingIsPutOff_bytesGoInTimeAllTheSame() {
        told.throwing = new IllegalStateException("broken listener");
        long id = store.upload(pdf("123")).id();
        for (int minutes = 0; minutes < 180; minutes++) {
            sweepAfter(Duration.ofMinutes(1));
        }
        store.expireAt(id, world.clock.instant().plusSeconds(1));

        sweepAfter(FileRow.EXPIRY_MARGIN.plusSeconds(1));

        assertThat(world.objects()).isEmpty();
    }

    static Stream<Throwable> whatExecutorsThrow() {
        return Stream.of(
                new RejectedExecutionException(),
                new IllegalStateException(),
                new InternalError("no thread to be had"));
    }

    @ParameterizedTest
    @MethodSource("whatExecutorsThrow")
    void executorFails_operationIsNotHarmed(Throwable thrown) {
        FileStore rejecting = world.builder()
                .listener(told)
                .listenerExecutor(task -> EventsTest.<RuntimeException>throwUnchecked(thrown))
                .build();

        long id = rejecting.upload(pdf("123")).id();

        sweepAfter(Duration.ofHours(1));
        assertThat(told.events).containsExactly(id + "/stored");
    }

    @Test
    void listenersHaveTooMuchToDo_sweepsAskLaterEachTime() {
        FileStore busy = world.builder()
                .listener(told)
                .listenerExecutor(task -> {
                    throw new RejectedExecutionException();
                })
                .build();
        busy.upload(pdf("123"));

        for (int minutes = 1; minutes <= 8; minutes *= 2) {
            world.clock.advance(Duration.ofMinutes(minutes));
            busy.sweep();
            assertThat(world.rows().get(0).dueAt())
                    .isEqualTo(world.clock.instant().plus(Duration.ofMinutes(minutes)));
        }

        assertThat(told.events).isEmpty();
        sweepAfter(Duration.ofMinutes(8));
        assertThat(told.events).contains("1/stored");
    }

    @Test
    void listenerHangs_uploadsAndDeletesGoOn() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        FileStoreListener hangs = new FileStoreListener() {
            @Override
            public void stored(FileEvent event) {
                hanging.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        FileStore ownThread = world.builder().listener(hangs).build();
        ownThread.upload(pdf("123"));
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 1_100; i++) {
            ownThread.delete(ownThread.upload(pdf("123")).id());
        }

        assertThat(world.objects()).hasSize(1);
        never.countDown();
        ownThread.close();
    }

    @Test
    void close_tellsWhatIsWaiting() {
        FileStore ownThread = world.builder().listener(told).build();
        long id = ownThread.upload(pdf("123")).id();

        ownThread.close();

        assertThat(told.events).containsExactly(id + "/stored");
    }

    @Test
    void failingSweep_isReportedWithEveryAttempt() {
        store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);
        sweepAfter(Duration.ofHours(2));
        sweepAfter(Duration.ofHours(2));

        assertThat(told.failures).extracting(FileFailure::attempts).containsExactly(1, 2);
        assertThat(told.failures).extracting(FileFailure::operation).containsOnly("sweep");
    }

    @Test
    void failingDelete_isReported() {
        long id = store.upload(pdf("123")).id();
        world.calls.fail("delete", SpiCalls.Fault.AFTER);

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> store.delete(id));

        assertThat(told.failures).singleElement().satisfies(failure -> {
            assertThat(failure.operation()).isEqualTo("delete");
            assertThat(failure.fileId()).isEqualTo(id);
        });
        world.calls.heal();
        store.delete(id);
        assertThat(told.events).containsExactly(id + "/stored", id + "/deleted");
    }

    @Test
    void storeWithoutListeners_takesAllAsTold() {
        dying.upload(pdf("123"));
        dying.delete(dying.upload(pdf("123")).id());
        world.clock.advance(Duration.ofMinutes(2));

        world.store.sweep();

        assertThat(world.rows()).allMatch(row -> row.pendingEvents() == PendingEvents.NONE);
        world.assertConsistentInTheEnd();
        assertThat(world.objects()).hasSize(1);
    }

    @Test
    void upload_withoutListener_costsNoStatementMore() {
        world.store.upload(pdf("123"));

        assertThat(world.calls.made()).containsExactly("insert", "put", "compareAndSet");
    }

    @Test
    void upload_withListener_costsOneStatementMore() {
        store.upload(pdf("123"));

        assertThat(world.calls.made()).containsExactly("insert", "put", "compareAndSet", "compareAndSet");
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a check does with any storage and repository; what each can tell by itself is tested beside it. */
class CheckTest {

    private static final List<String> ALL = List.of(
            "database: insert",
            "database: find",
            "database: change",
            "database: remove",
            "storage: put",
            "storage: stat",
            "storage: read",
            "storage: read a range",
            "storage: list",
            "storage: list unfinished",
            "storage: create only",
            "storage: delete",
            "storage: stat when absent",
            "storage: purge");

    private final StoreFixture world = new StoreFixture();
    private final List<String> calls = new ArrayList<>();

    /** What is done at each call of an SPI, before it. */
    private Consumer<String> before = call -> {};

    private void called(String call) {
        calls.add(call);
        before.accept(call);
    }

    private class Storage extends ForwardingStorage {

        Storage() {
            super(world.storage);
        }

        @Override
        public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                throws IOException {
            called("put");
            return super.put(key, headers, source, length);
        }

        @Override
        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
            called(range.equals(ByteRange.ALL) ? "open" : "open range");
            return super.open(key, range, tag);
        }

        @Override
        public Optional<ObjectInfo> stat(String key) {
            called("stat");
            return super.stat(key);
        }

        @Override
        public void delete(String key) {
            called("delete");
            super.delete(key);
        }

        @Override
        public void purge(String key) {
            called("purge");
            super.purge(key);
        }

        @Override
        public List<ObjectInfo> list(String prefix, String after, int limit) {
            called("list");
            return super.list(prefix, after, limit);
        }

        @Override
        public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
            called("listUnfinished");
            return super.listUnfinished(prefix, after, limit);
        }
    }

    private class Rows extends ForwardingMetadata {

        Rows() {
            super(world.metadata);
        }

        @Override
        public Optional<FileRow> insert(FileRow row) {
            called("insert");
            return super.insert(row);
        }

        @Override
        public Optional<FileRow> find(long id) {
            called("find");
            return super.find(id);
        }

        @Override
        public Optional<FileRow> compareAndSet(FileRow next) {
            called("compareAndSet");
            return super.compareAndSet(next);
        }

        @Override
        public boolean remove(FileRow row) {
            called("remove");
            return super.remove(row);
        }
    }

    private FileStore.Builder builder() {
        return FileStore.builder().storage(new Storage()).metadata(new Rows()).clock(world.clock);
    }

    private CheckReport check() {
        return builder().build().check();
    }

    private static Finding finding(CheckReport report, String name) {
        return report.findings().stream()
                .filter(finding -> finding.check().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void check_allIsWell_findsEachThingOnceAndLeavesNothing() {
        CheckReport report = check();

        assertThat(report.findings()).extracting(Finding::check).containsExactlyElementsOf(ALL);
        assertThat(report.of(Status.OK))
                .hasSize(ALL.size())
                .allMatch(finding -> finding.cure().isEmpty());
        assertThat(report.isOk()).isTrue();
        assertThat(world.objects()).isEmpty();
        assertThat(world.rows()).hasSize(1).allMatch(row -> row.state() == FileState.DELETED);
        world.clock.advance(Duration.ofMinutes(61));
        assertThat(world.store.sweep().failed()).isZero();
        world.assertNothingLeft();
    }

    @Test
    void check_noReaderAndNoListenerHearsOfIt() {
        List<String> heard = new ArrayList<>();
        FileStore store = builder()
                .listenerExecutor(Runnable::run)
                .listener(new FileStoreListener() {
                    @Override
                    public void stored(FileEvent event) {
                        heard.add("stored");
                    }

                    @Override
                    public void deleted(FileEvent event) {
                        heard.add("deleted");
                    }
                })
                .build();
        before = call -> assertThat(world.store.list(FileQuery.all()).total()).isZero();

        assertThat(store.check().isOk()).isTrue();

        assertThat(heard).isEmpty();
        assertThat(store.eraseOwner("filestore-check").isDone()).isTrue();
    }

    @Test
    void check_writesNoObject_beforeARowNamesIt() {
        before = call -> {
            if (call.equals("put")) {
                assertThat(world.rows()).hasSize(1).allMatch(row -> row.state() == FileState.PENDING);
            }
        };

        assertThat(check().isOk()).isTrue();
        assertThat(calls).contains("put");
    }

    @ParameterizedTest
    @CsvSource({
        "put, storage: put",
        "stat, storage: stat",
        "open, storage: read",
        "open range, storage: read a range",
        "list, storage: list",
        "listUnfinished, storage: list unfinished",
        "delete, storage: delete",
        "purge, storage: purge"
    })
    void check_oneCallIsRefused_saysWhichAndTriesTheOthers(String refused, String name) {
        before = call -> {
            if (call.equals(refused)) {
                throw new StorageException(refused + " of the test", new IOException("a secret"));
            }
        };

        CheckReport report = check();

        Finding found = finding(report, name);
        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.found()).isEqualTo(refused + " of the test (IOException)");
        assertThat(found.cure()).isPresent();
        assertThat(report.isOk()).isFalse();
        assertThat(report.findings()).extracting(Finding::check).containsExactlyElementsOf(ALL);
        assertThat(report.of(Status.OK)).hasSizeGreaterThanOrEqualTo(ALL.size() - 2);
        assertThat(report.toString()).doesNotContain("a secret");
        before = call -> {};
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"insert, insert", "find, find", "compareAndSet, change", "remove, remove"})
    void check_databaseRefuses_saysWhich(String refused, String name) {
        before = call -> {
            if (call.equals(refused)) {
                throw new MetadataException(refused + " of the test", null);
            }
        };

        CheckReport report = check();

        assertThat(finding(report, "database: " + name).status()).isEqualTo(Status.FAILED);
        before = call -> {};
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void check_noRowCanBeInserted_writesNothing() {
        before = call -> {
            if (call.equals("insert")) {
                throw new MetadataException("insert of the test", null);
            }
        };

        CheckReport report = check();

        assertThat(calls).containsExactly("insert");
        assertThat(finding(report, "storage: put"))
                .isEqualTo(new Finding(
                        "storage: put",
                        Status.UNKNOWN,
                        "not tried, since nothing is written to the storage before a row names it",
                        Optional.empty()));
        assertThat(report.of(Status.UNKNOWN)).hasSize(ALL.size() - 1);
    }

    @Test
    void check_storageOverwrites_warns() {
        FileStore store = builder()
                .storage(new Storage() {
                    @Override
                    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                            throws IOException {
                        delete(key);
                        return super.put(key, headers, source, length);
                    }
                })
                .build();

        CheckReport report = store.check();

        assertThat(report.of(Status.WARNING)).extracting(Finding::check).containsExactly("storage: create only");
        assertThat(report.isOk()).isTrue();
    }

    @Test
    void check_deletedObjectIsStillThere_failed() {
        FileStore store = builder()
                .storage(new Storage() {
                    @Override
                    public void delete(String key) {}
                })
                .build();

        assertThat(finding(store.check(), "storage: stat when absent").status()).isEqualTo(Status.FAILED);
    }

    @Test
    void check_otherBytesAreRead_failed() {
        FileStore store = builder()
                .storage(new Storage() {
                    @Override
                    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                        return Optional.of(InputStream.nullInputStream());
                    }
                })
                .build();

        CheckReport report = store.check();

        assertThat(report.of(Status.FAILED))
                .extracting(Finding::check)
                .containsExactly("storage: read", "storage: read a range", "storage: create only");
    }

    @Test
    void check_libraryIsMissing_failedAndGoesOn() {
        FileStore store = builder()
                .storage(new Storage() {
                    @Override
                    public List<ObjectInfo> list(String prefix, String after, int limit) {
                        throw new NoClassDefFoundError("a/Client");
                    }
                })
                .build();

        CheckReport report = store.check();

        assertThat(report.of(Status.FAILED)).extracting(Finding::check).containsExactly("storage: list");
        assertThat(finding(report, "storage: list").cure().orElseThrow()).contains("class path");
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void check_rowCannotBeCleanedUp_saysSoAndASweepFindsIt() {
        FileStore store = builder()
                .metadata(new Rows() {
                    @Override
                    public Optional<FileRow> compareAndSet(FileRow row) {
                        if (row.state() == FileState.DELETING) {
                            throw new MetadataException("change " + row.id(), null);
                        }
                        return super.compareAndSet(row);
                    }
                })
                .build();

        CheckReport report = store.check();

        assertThat(report.of(Status.FAILED)).extracting(Finding::check).containsExactly("database: clean up");
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void check_rowIsNotFound_failed() {
        FileStore store = builder()
                .metadata(new Rows() {
                    @Override
                    public Optional<FileRow> find(long id) {
                        return Optional.empty();
                    }
                })
                .build();

        assertThat(finding(store.check(), "database: find").cure().orElseThrow())
                .contains("not to a replica");
    }

    @ParameterizedTest
    @CsvSource({"insert, database: insert, 14", "put, storage: put, 10", "delete, storage: delete, 3"})
    void check_callHangs_failsAtTheDeadlineAndTriesNoFurther(String hanging, String name, int notWell) {
        CountDownLatch over = new CountDownLatch(1);
        before = call -> {
            if (call.equals(hanging)) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    throw new StorageException("interrupted", e);
                }
            }
        };

        CheckReport report = builder().build().check(Duration.ofMillis(500));

        assertThat(finding(report, name))
                .satisfies(found -> assertThat(found.status()).isEqualTo(Status.FAILED))
                .satisfies(found -> assertThat(found.found()).isEqualTo("no answer within 500 ms"));
        assertThat(report.of(Status.UNKNOWN))
                .hasSize(notWell - 1)
                .filteredOn(found -> !found.found().contains("before a row names it"))
                .allMatch(found -> found.found().equals("not tried, since " + name + " did not answer"));
        over.countDown();
        before = call -> {};
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    /** Ends the process before or after a call, for all that a check could still do. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void check_killedAtAnyCall_leavesWhatASweepRemoves() {
        check();
        int all = calls.size();
        assertThat(all).isGreaterThan(15);
        for (int kill = 1; kill <= all; kill++) {
            int last = kill;
            calls.clear();
            before = call -> {
                if (calls.size() >= last) {
                    throw new Killed();
                }
            };
            assertThatCode(this::check).isInstanceOf(AssertionError.class).hasCauseInstanceOf(Killed.class);
            before = call -> {};
            assertThat(world.objects()).hasSizeLessThanOrEqualTo(1);
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }
    }

    @Test
    void check_manyAtOnce_doNotMeet() throws Exception {
        FileStore store = FileStore.builder()
                .storage(world.storage)
                .metadata(world.metadata)
                .clock(world.clock)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<CheckReport>> reports = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                reports.add(threads.submit(() -> store.check()));
            }
            for (Future<CheckReport> report : reports) {
                assertThat(report.get().of(Status.OK)).hasSize(ALL.size());
            }
        } finally {
            threads.shutdownNow();
        }
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void check_threadIsInterrupted_endsWithTheRestUnknown() {
        Thread.currentThread().interrupt();

        CheckReport report = check();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.findings()).extracting(Finding::check).containsExactlyElementsOf(ALL);
        assertThat(report.of(Status.OK)).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void check_keyLayoutFails_saysSo() {
        FileStore store = builder()
                .keys((owner, name, at, attempt) -> {
                    throw new IllegalArgumentException("a number was expected");
                })
                .build();

        CheckReport report = store.check();

        assertThat(finding(report, "keys").found()).contains("filestore-check", "IllegalArgumentException");
        assertThat(calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT10M0.001S"})
    void check_deadlineOutOfRange_isRefused(Duration deadline) {
        assertThatThrownBy(() -> world.store.check(deadline))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(deadline.toString());
    }

    /** Its own checks: what it looks at, and one thing that it has to wait for. */
    private static final class CheckedCdn implements Cdn, Checkable {

        @Override
        public URI urlOf(String key) {
            return URI.create("https://cdn.example/" + key);
        }

        @Override
        public List<Step> looks(Probe probe) {
            return List.of(
                    new Step(
                            "CDN: first", true, () -> List.of(Finding.failed("CDN: first", "is not there", "buy one"))),
                    new Step("CDN: second", false, () -> List.of(Finding.ok("CDN: second", "is there"))));
        }

        @Override
        public List<Step> trials(Probe probe) {
            return List.of(new Step("CDN: third", false, () -> List.of(Finding.ok("CDN: third", "is there"))));
        }

        @Override
        public Optional<String> cure(Act act, Exception failure) {
            return Optional.empty();
        }
    }

    @Test
    void check_vitalStepFails_stepsAfterItAreNotTried() {
        CheckReport report = builder().cdn(new CheckedCdn()).build().check();

        assertThat(report.of(Status.FAILED)).extracting(Finding::check).containsExactly("CDN: first");
        assertThat(report.of(Status.UNKNOWN))
                .extracting(Finding::check, Finding::found)
                .containsExactly(
                        tuple("CDN: second", "not tried, since CDN: first failed"),
                        tuple("CDN: third", "not tried, since CDN: first failed"));
    }

    /** Asks in its trial for what a check promises. */
    private class CheckedStorage extends Storage implements Checkable {

        @Override
        public List<Step> looks(Probe probe) {
            return List.of(new Step("own: look", false, () -> {
                called("own look");
                return List.of(Finding.ok("own: look", "is there"));
            }));
        }

        @Override
        public List<Step> trials(Probe probe) {
            return List.of(new Step("own: trial", false, () -> {
                called("own trial");
                String text = new String(
                        world.storage
                                .open(probe.key(), ByteRange.ALL, null)
                                .orElseThrow()
                                .readAllBytes(),
                        StandardCharsets.US_ASCII);
                world.storage.delete(probe.key());
                return List.of(Finding.ok("own: trial", text.equals(probe.text()) + " " + (probe.signer() != null)));
            }));
        }

        @Override
        public Optional<String> cure(Act act, Exception failure) {
            return Optional.of("the cure of " + act);
        }
    }

    @Test
    void trials_ofTheStorage_comeAfterThoseOfTheCdnAndMayLoseTheObject() {
        CheckedCdn cdn = new CheckedCdn();
        CheckReport report =
                builder().storage(new CheckedStorage()).cdn(cdn).build().check();

        assertThat(finding(report, "own: trial").found()).isEqualTo("true false");
        assertThat(report.findings())
                .extracting(Finding::check)
                .containsSubsequence(
                        "own: look", "storage: create only", "CDN: third", "own: trial", "storage: delete");
        assertThat(report.of(Status.FAILED)).extracting(Finding::check).containsExactly("CDN: first");
    }

    @Test
    void trials_whereNoObjectCouldBeWritten_areNotTaken() {
        before = call -> {
            if (call.equals("put") || call.equals("stat") || call.equals("open")) {
                throw new StorageException(call + " of the test", null);
            }
        };

        CheckReport report = builder().storage(new CheckedStorage()).build().check();

        assertThat(calls).contains("own look").doesNotContain("own trial");
        assertThat(finding(report, "own: trial"))
                .isEqualTo(new Finding(
                        "own: trial",
                        Status.UNKNOWN,
                        "not tried, since there is no object to ask for",
                        Optional.empty()));
        // What is absent needs other rights than what is there.
        assertThat(finding(report, "storage: put").cure()).contains("the cure of PUT");
        assertThat(finding(report, "storage: stat").cure()).contains("the cure of STAT_ABSENT");
        assertThat(finding(report, "storage: read").cure()).contains("the cure of STAT_ABSENT");
    }

    @Test
    void report_asText_isATable() {
        CheckReport report = new CheckReport(List.of(
                Finding.ok("storage: put", "an object was written"),
                Finding.failed("storage: list", "denied", "Allow s3:ListBucket\non arn:aws:s3:::b")));

        assertThat(report.toString().lines())
                .containsExactly(
                        "OK       storage: put   an object was written",
                        "FAILED   storage: list  denied",
                        "         Allow s3:ListBucket",
                        "         on arn:aws:s3:::b");
        assertThat(new CheckReport(List.of()).toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, OK, less than 30 s off",
        "PT29S, OK, less than 30 s off",
        "PT30S, WARNING, clock is 30 s ahead",
        "PT-31S, WARNING, clock is 31 s behind",
        "PT4M59S, WARNING, ahead",
        "PT5M, FAILED, clock is 300 s ahead",
        "PT-16M, FAILED, clock is 960 s behind"
    })
    void clock_besideAnother_isJudgedByTheDistance(Duration ahead, Status status, String found) {
        Instant theirs = Instant.parse("2026-02-26T14:30:22Z");

        Finding finding = Finding.ofClock(
                "clock",
                theirs,
                theirs.plus(ahead).minusSeconds(1),
                theirs.plus(ahead).plusSeconds(1));

        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.found()).contains(found);
        assertThat(finding.cure().isPresent()).isEqualTo(status != Status.OK);
    }
}

package dev.filestore.examples.reliability.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.filestore.ByteRange;
import dev.filestore.FileContent;
import dev.filestore.FileMissingException;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.SettableClock;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import dev.filestore.TcpProxy;
import dev.filestore.TcpProxy.Direction;
import dev.filestore.TcpProxy.Ending;
import dev.filestore.TcpProxy.Fault;
import dev.filestore.TcpProxy.Then;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.s3.S3ProxyServer;
import dev.filestore.s3.S3StorageBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The network between the application and S3 goes bad at every message of every operation. */
@Timeout(300)
class S3NetworkIT {

    private static final byte[] SMALL = pdf(20_000);

    /** Two parts, of which the first has 5 MiB. */
    private static final byte[] LARGE = pdf((5 << 20) + 10_000);

    private static final Duration PATIENT = Duration.ofMinutes(1);
    private static final Duration IMPATIENT = Duration.ofSeconds(1);

    /**
     * What an impatient call takes at most: each of the requests of which it consists a second, and what a busy machine
     * adds. Half of what a read waits by default.
     */
    private static final Duration BOUND = Duration.ofSeconds(15);

    private static S3ProxyServer server;
    private static S3StorageBackend direct;

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.inMemory();
        direct = new S3StorageBackend(server.settings().build());
    }

    @AfterAll
    static void stop() {
        direct.close();
        server.close();
    }

    private static byte[] pdf(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }

    /** A store of one user whose way to S3 leads through a bad network. */
    private static final class World implements AutoCloseable {

        final String owner = UUID.randomUUID().toString();
        final TcpProxy network = new TcpProxy(server.endpoint().getPort());
        final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
        final MemoryMetadata rows = new MemoryMetadata();
        final S3StorageBackend storage;
        final FileStore store;

        World(Duration requestTimeout) {
            storage = new S3StorageBackend(server.settings()
                    .endpoint(URI.create("http://127.0.0.1:" + network.port()))
                    .partSizeBytes(5 << 20)
                    .requestTimeout(requestTimeout)
                    .build());
            store = FileStore.builder()
                    .storage(storage)
                    .metadata(rows)
                    .clock(clock)
                    .build();
        }

        StoredFile upload(byte[] content) {
            return store.upload(
                    UploadRequest.of("a.pdf", new ByteArrayInputStream(content)).withOwner(owner));
        }

        List<StoredFile> files() {
            return store.list(FileQuery.all().withOwner(owner)).files();
        }

        /** The network is well again; whatever was under way at the server has come to its end. */
        void heal() {
            assertThat(network.struck()).as("the fault struck").isPositive();
            network.heal();
            network.awaitServer();
        }

        void assertTrueInTheEnd(byte[]... expected) throws IOException {
            Aftermath.sweepToTheEnd(store, clock, rows);
            Aftermath.assertOneToOne(rows, direct, "uploads/" + owner + "/");
            List<byte[]> found = new ArrayList<>();
            for (StoredFile file : files()) {
                found.add(Aftermath.read(store, file.id()));
            }
            assertThat(found).usingElementComparator(Arrays::compare).containsExactlyInAnyOrder(expected);
        }

        @Override
        public void close() {
            store.close();
            network.close();
        }
    }

    /** Where a conversation with S3 can be cut. */
    private static List<CutPoint> points(Conversation conversation) throws IOException {
        return points(world -> {}, conversation);
    }

    private static List<CutPoint> points(Conversation before, Conversation conversation) throws IOException {
        try (World world = new World(PATIENT)) {
            before.hold(world);
            world.network.forget();
            conversation.hold(world);
            return CutPoint.of(world.network.turns());
        }
    }

    private interface Conversation {
        void hold(World world) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> upload_onePartCutOnce_succeeds() throws IOException {
        return points(world -> world.upload(SMALL)).stream().flatMap(point -> cutOnce(point, SMALL));
    }

    @TestFactory
    Stream<DynamicTest> upload_manyPartsCutOnce_succeeds() throws IOException {
        return points(world -> world.upload(LARGE)).stream()
                .flatMap(point -> cutOnce(point, LARGE).limit(1));
    }

    private static Stream<DynamicTest> cutOnce(CutPoint point, byte[] content) {
        return Stream.of(Ending.LOST, Ending.END)
                .map(ending -> DynamicTest.dynamicTest(point.name() + " " + ending, () -> {
                    try (World world = new World(PATIENT)) {
                        world.network.set(point.fault(ending, Then.WELL));
                        StoredFile file = world.upload(content);
                        world.heal();
                        assertThat(Aftermath.read(world.store, file.id())).isEqualTo(content);
                        world.assertTrueInTheEnd(content);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> upload_onePartThenNoNetwork_tellsTheTruth() throws IOException {
        return points(world -> world.upload(SMALL)).stream().flatMap(point -> cutForGood(point, SMALL));
    }

    @TestFactory
    Stream<DynamicTest> upload_manyPartsThenNoNetwork_tellsTheTruth() throws IOException {
        return points(world -> world.upload(LARGE)).stream()
                .flatMap(point -> cutForGood(point, LARGE).limit(1));
    }

    private static Stream<DynamicTest> cutForGood(CutPoint point, byte[] content) {
        return Stream.of(Then.DOWN, Then.AGAIN)
                .map(then -> DynamicTest.dynamicTest(point.name() + " " + then, () -> {
                    try (World world = new World(PATIENT)) {
                        world.network.set(point.fault(Ending.LOST, then));
                        assertTruth(world, content);
                    }
                }));
    }

    /** Whatever the uploader is told is true at once and for good, and a repetition is a file of its own. */
    private static void assertTruth(World world, byte[] content) throws IOException {
        StoredFile file = null;
        try {
            file = world.upload(content);
        } catch (StorageException e) {
            assertThat(world.files()).isEmpty();
        }
        world.heal();
        StoredFile repeated = world.upload(content);
        if (file == null) {
            world.assertTrueInTheEnd(content);
        } else {
            assertThat(repeated.id()).isNotEqualTo(file.id());
            world.assertTrueInTheEnd(content, content);
        }
    }

    @TestFactory
    Stream<DynamicTest> upload_serverFallsSilent_endsInTimeAndTellsTheTruth() throws IOException {
        List<CutPoint> small = points(world -> world.upload(SMALL));
        List<CutPoint> large = points(world -> world.upload(LARGE));
        return Stream.concat(
                small.stream().filter(CutPoint::isInTheMiddle).flatMap(point -> silent(point, SMALL)),
                large.stream().filter(CutPoint::isInTheMiddle).flatMap(point -> silent(point, LARGE)));
    }

    private static Stream<DynamicTest> silent(CutPoint point, byte[] content) {
        // A server that does not even read only makes a difference to a body that fills all buffers.
        return Stream.of(Ending.SWALLOW, Ending.STALL)
                .limit(point.direction() == Direction.TO_SERVER && content == LARGE ? 2 : 1)
                .map(ending -> DynamicTest.dynamicTest(point.name() + " " + ending, () -> {
                    try (World world = new World(IMPATIENT)) {
                        world.network.set(point.fault(ending, Then.AGAIN));
                        assertInTime(() -> assertTruth(world, content));
                    }
                }));
    }

    private static void assertInTime(Act act) throws IOException {
        long started = System.nanoTime();
        act.run();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(BOUND);
    }

    private interface Act {
        void run() throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> read_cutAnywhere_isNeverShort() throws IOException {
        byte[] content = Arrays.copyOf(LARGE, 1 << 20);
        List<Long> offsets = new ArrayList<>(List.of(0L, 1L, 100L, 500L, (1L << 20) - 1));
        for (long offset = 1_000; offset < 1 << 20; offset += 37_123) {
            offsets.add(offset);
        }
        return offsets.stream()
                .flatMap(offset -> Stream.of(Ending.LOST, Ending.END)
                        .map(ending -> DynamicTest.dynamicTest(offset + " " + ending, () -> {
                            try (World world = new World(PATIENT)) {
                                long id = world.upload(content).id();
                                world.network.set(new Fault(Direction.TO_CLIENT, offset, ending, Then.WELL));
                                assertNeverShort(world, id, content);
                            }
                        })));
    }

    /** The bytes that come are right, and there are either all of them, or an exception. */
    private static void assertNeverShort(World world, long id, byte[] content) throws IOException {
        byte[] got = new byte[content.length];
        int count = 0;
        try (FileContent open = world.store.open(id)) {
            InputStream in = open.stream();
            for (int read; (read = in.read(got, count, Math.max(1, got.length - count))) >= 0; ) {
                count += read;
            }
            assertThat(count).isEqualTo(content.length);
        } catch (StorageException | IOException e) {
            assertThat(count).isLessThan(content.length);
        }
        assertThat(Arrays.equals(got, 0, count, content, 0, count)).isTrue();
        world.heal();
        assertThat(Aftermath.read(world.store, id)).isEqualTo(content);
        world.assertTrueInTheEnd(content);
    }

    @TestFactory
    Stream<DynamicTest> read_serverFallsSilent_failsInTime() {
        byte[] content = Arrays.copyOf(LARGE, 1 << 20);
        return Stream.of(0L, 100L, 10_000L, 900_000L, (1L << 20) + 100)
                .map(offset -> DynamicTest.dynamicTest("" + offset, () -> {
                    try (World world = new World(IMPATIENT)) {
                        long id = world.upload(content).id();
                        world.network.set(new Fault(Direction.TO_CLIENT, offset, Ending.SWALLOW, Then.AGAIN));
                        assertInTime(() -> assertNeverShort(world, id, content));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> delete_cutAnywhere_isInvisibleAtOnceAndGoneInTheEnd() throws IOException {
        List<CutPoint> points = points(
                world -> world.upload(SMALL),
                world -> world.store.delete(world.files().get(0).id()));
        return points.stream()
                .flatMap(point -> Stream.of(Then.WELL, Then.DOWN)
                        .map(then -> DynamicTest.dynamicTest(point.name() + " " + then, () -> {
                            try (World world = new World(PATIENT)) {
                                long id = world.upload(SMALL).id();
                                world.network.set(point.fault(Ending.LOST, then));
                                assertDeleted(world, id, then == Then.WELL);
                            }
                        })));
    }

    private static void assertDeleted(World world, long id, boolean told) throws IOException {
        Throwable failure = catchThrowable(() -> world.store.delete(id));
        if (told) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure).isInstanceOf(StorageException.class);
        }
        assertThat(world.store.find(id)).isEmpty();
        assertThatThrownBy(() -> world.store.open(id)).isInstanceOf(FileMissingException.class);
        world.heal();
        world.assertTrueInTheEnd();
    }

    @Test
    void delete_serverFallsSilent_failsInTimeAndIsGoneInTheEnd() throws IOException {
        try (World world = new World(IMPATIENT)) {
            long id = world.upload(SMALL).id();
            world.network.set(new Fault(Direction.TO_SERVER, 100, Ending.SWALLOW, Then.AGAIN));
            assertInTime(() -> assertDeleted(world, id, false));
        }
    }

    @TestFactory
    Stream<DynamicTest> sweep_cutAnywhere_goesOnLater() throws IOException {
        Conversation prepare = world -> {
            leaveAnOpenUpload(world);
            world.clock.advance(Duration.ofHours(1));
        };
        return points(prepare, world -> world.store.sweep()).stream()
                .flatMap(point -> Stream.of(Then.DOWN, Then.WELL)
                        .limit(point.isInTheMiddle() ? 2 : 1)
                        .map(then -> DynamicTest.dynamicTest(point.name() + " " + then, () -> {
                            try (World world = new World(PATIENT)) {
                                prepare.hold(world);
                                world.network.set(point.fault(Ending.LOST, then));
                                assertThat(world.store.sweep().failed()).isEqualTo(then == Then.WELL ? 0 : 1);
                                world.heal();
                                world.assertTrueInTheEnd();
                            }
                        })));
    }

    /** A multipart upload that nobody could abort, as its row says. */
    private static void leaveAnOpenUpload(World world) {
        world.network.set(new Fault(Direction.TO_SERVER, 2 << 20, Ending.LOST, Then.DOWN));
        assertThatThrownBy(() -> world.upload(LARGE)).isInstanceOf(StorageException.class);
        world.heal();
        assertThat(direct.listUnfinished("uploads/" + world.owner + "/", "", 10))
                .hasSize(1);
    }

    @TestFactory
    Stream<DynamicTest> statAndList_cutAnywhere_failOrTellTheTruth() throws IOException {
        Conversation ask = world -> {
            String key = world.files().get(0).key();
            assertThat(world.storage.stat(key).orElseThrow().size()).isEqualTo(SMALL.length);
            assertThat(world.storage.list(key, "", 10)).hasSize(1);
            assertThat(world.storage.listUnfinished(key, "", 10)).isEmpty();
            assertThat(world.storage.stat("uploads/absent")).isEmpty();
        };
        return points(world -> world.upload(SMALL), ask).stream()
                .map(point -> DynamicTest.dynamicTest(point.name(), () -> {
                    try (World world = new World(PATIENT)) {
                        world.upload(SMALL);
                        world.network.set(point.fault(Ending.LOST, Then.WELL));
                        ask.hold(world);
                        world.network.set(point.fault(Ending.LOST, Then.DOWN));
                        assertThatThrownBy(() -> ask.hold(world)).isInstanceOf(StorageException.class);
                        world.heal();
                        world.assertTrueInTheEnd(SMALL);
                    }
                }));
    }

    @Test
    void anyCall_nobodyListens_failsAndLeavesNothing() throws IOException {
        try (World world = new World(IMPATIENT)) {
            world.network.refuse();
            assertThatThrownBy(() -> world.upload(SMALL)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> world.upload(LARGE)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> world.storage.stat("a")).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> world.storage.list("", "", 1)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> world.storage.open("a", ByteRange.ALL, null))
                    .isInstanceOf(StorageException.class);
            world.network.heal();
            world.assertTrueInTheEnd();
        }
    }
}

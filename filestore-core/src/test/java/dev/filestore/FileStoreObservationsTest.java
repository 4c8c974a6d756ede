package dev.filestore;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.metrics.FileStoreMetrics;
import dev.filestore.metrics.FileStoreObservations;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Micrometer is told of operations, and whose child each of them is; Micrometer's own validator watches the order. */
class FileStoreObservationsTest {

    private static final String OWNER = "user-of-the-test";
    private static final String NAME = "filestore.operation";

    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final Ended ended = new Ended();
    private final Queue<String> currentAtCalls = new ConcurrentLinkedQueue<>();

    /** Set to have the call of this name throw an error that no storage or database should. */
    private volatile @Nullable String lethal;

    private final SpiCalls calls = new SpiCalls(new SpiCalls.Conduct() {
        @Override
        public <T, X extends Exception> T make(
                String call, Supplier<FileStoreException> failure, SpiCalls.Body<T, X> body) throws X {
            currentAtCalls.add(call + " in " + nameOf(registry.getCurrentObservation()));
            if (call.equals(lethal)) {
                throw new StackOverflowError("on purpose");
            }
            return body.run();
        }
    });
    private final SettableClock clock = new SettableClock(new StoreFixture().clock.instant());
    private final MemoryStorage storage = new MemoryStorage(clock);
    private final MemoryMetadata metadata = new MemoryMetadata();

    {
        registry.observationConfig().observationHandler(ended);
    }

    private final FileStore store = builder()
            .observer(new FileStoreObservations(registry))
            .observer(new FileStoreMetrics(new SimpleMeterRegistry()))
            .build();

    /** Keeps what came to its end, with the events before it. */
    private static final class Ended implements ObservationHandler<FileStoreObservations.Context> {

        private final Queue<FileStoreObservations.Context> contexts = new ConcurrentLinkedQueue<>();
        private final Queue<String> events = new ConcurrentLinkedQueue<>();

        @Override
        public void onEvent(Observation.Event event, FileStoreObservations.Context context) {
            events.add(event.getName());
        }

        @Override
        public void onStop(FileStoreObservations.Context context) {
            contexts.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof FileStoreObservations.Context;
        }

        FileStoreObservations.Context only() {
            assertThat(contexts).hasSize(1);
            return contexts.element();
        }
    }

    private FileStore.Builder builder() {
        return FileStore.builder()
                .storage(new RecordingStorage(storage, calls))
                .metadata(new RecordingMetadata(metadata, calls))
                .signedUrls(URI.create("https://app.example/api/files"))
                .secret(new byte[32])
                .clock(clock);
    }

    private static String nameOf(@Nullable ObservationView observation) {
        return observation == null
                ? "nothing"
                : String.valueOf(observation.getContextView().getName());
    }

    private Observation outer() {
        return Observation.createNotStarted("outer", registry);
    }

    private static @Nullable String parentOf(Observation.Context context) {
        return nameOf(context.getParentObservation());
    }

    private static String low(Observation.Context context) {
        return context.getLowCardinalityKeyValues().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }

    private static String high(Observation.Context context) {
        return context.getHighCardinalityKeyValues().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }

    @AfterEach
    void nothingIsLeftOnTheThread() {
        assertThat(registry.getCurrentObservationScope()).isNull();
    }

    @Test
    void upload_succeeds_isObservedWithItsStagesAndNoNames() {
        StoredFile file = store.upload(StoreFixture.pdf(OWNER));

        assertThat(registry)
                .hasSingleObservationThat()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasNameEqualTo(NAME)
                .hasContextualNameEqualTo("filestore upload")
                .doesNotHaveError()
                .doesNotHaveParentObservation();
        assertThat(low(ended.only())).isEqualTo("category=document operation=upload outcome=success reason=none");
        assertThat(high(ended.only())).isEqualTo("bytes=" + StoreFixture.PDF.length + " file.id=" + file.id());
        assertThat(ended.events).containsExactly("judge", "insert", "put", "activate");
    }

    @Test
    void otherOperations_areObservedWithTheSameKeys() throws IOException {
        long id = store.upload(StoreFixture.pdf(OWNER)).id();
        ended.contexts.clear();

        store.open(id).stream().close();
        store.presign(id, Duration.ofHours(1));
        store.delete(id);
        assertThatThrownBy(() -> store.delete(id)).isInstanceOf(FileMissingException.class);
        store.upload(StoreFixture.pdf(OWNER).withTtl(Duration.ofMinutes(1)));
        clock.advance(Duration.ofHours(2));
        store.sweep();

        assertThat(ended.contexts)
                .extracting(FileStoreObservationsTest::low)
                .containsExactly(
                        "category=document operation=download outcome=success reason=none",
                        "category=document operation=presign outcome=success reason=none",
                        "category=none operation=delete outcome=success reason=none",
                        "category=none operation=delete outcome=missing reason=none",
                        "category=document operation=upload outcome=success reason=none",
                        "category=none operation=sweep outcome=success reason=none");
        assertThat(ended.contexts)
                .extracting(FileStoreObservationsTest::high)
                .startsWith("bytes=0 file.id=" + id, "file.id=" + id, "file.id=" + id, "file.id=" + id)
                .endsWith("abandoned=0 expired=1 failed=0 removed=1");
        assertThat(ended.contexts)
                .allSatisfy(context -> assertThat(context.getError()).isNull());
    }

    @Test
    void operation_belowAnother_isItsChildAndTheParentOfWhatItAsksFor() {
        currentAtCalls.clear();

        outer().observe(() -> {
            store.upload(StoreFixture.pdf(OWNER));
            assertThat(nameOf(registry.getCurrentObservation())).isEqualTo("outer");
        });

        assertThat(parentOf(ended.only())).isEqualTo("outer");
        assertThat(currentAtCalls).containsExactly("insert in " + NAME, "put in " + NAME, "compareAndSet in " + NAME);
    }

    @Test
    void download_closedByAnotherThread_isObservedUntilThen() throws Exception {
        long id = store.upload(StoreFixture.pdf(OWNER)).id();
        ended.contexts.clear();
        currentAtCalls.clear();
        List<InputStream> streams = new ArrayList<>();

        outer().observe(() -> {
            streams.add(store.open(id).stream());
            assertThat(nameOf(registry.getCurrentObservation())).isEqualTo("outer");
        });
        assertThat(ended.contexts).isEmpty();
        CompletableFuture.runAsync(() -> {
                    try (InputStream stream = streams.get(0)) {
                        assertThat(stream.readAllBytes()).isEqualTo(StoreFixture.PDF);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    assertThat(registry.getCurrentObservationScope()).isNull();
                })
                .get(10, TimeUnit.SECONDS);

        assertThat(parentOf(ended.only())).isEqualTo("outer");
        assertThat(high(ended.only())).isEqualTo("bytes=" + StoreFixture.PDF.length + " file.id=" + id);
        assertThat(currentAtCalls).contains("open in " + NAME).doesNotContain("open in outer");
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void anyCallFails_theScopeIsClosedAndTheErrorTellsNoName(SpiCalls.Fault fault) {
        Observation around = outer().start();
        for (String call : List.of("insert", "put", "compareAndSet", "open", "delete", "claimDue")) {
            try (Observation.Scope scope = around.openScope()) {
                ended.contexts.clear();
                StoredFile file = store.upload(StoreFixture.pdf(OWNER));
                store.upload(StoreFixture.pdf(OWNER).withTtl(Duration.ofMinutes(1)));
                clock.advance(Duration.ofMinutes(10));
                calls.fail(call, fault);
                attempt(() -> store.upload(StoreFixture.pdf(OWNER)));
                attempt(() -> store.open(file.id()).stream().close());
                attempt(() -> store.delete(file.id()));
                attempt(store::sweep);
                calls.heal();

                assertThat(registry.getCurrentObservationScope()).isSameAs(scope);
                assertThat(ended.contexts).hasSize(6).allSatisfy(context -> {
                    assertThat(parentOf(context)).isEqualTo("outer");
                    assertThat(context.toString() + context.getError()).doesNotContain(OWNER, "document.pdf");
                });
                assertThat(ended.contexts)
                        .filteredOn(context -> context.getError() != null)
                        .as("failed by " + call)
                        .isNotEmpty()
                        .allSatisfy(FileStoreObservationsTest::assertErrorIsBare);
            }
        }
        around.stop();
    }

    /** Not every operation meets with every fault. */
    private static void attempt(ThrowableAssert.ThrowingCallable operation) {
        Throwable failure = catchThrowable(operation);
        assertThat(failure == null || failure instanceof FileStoreException).isTrue();
    }

    private static void assertErrorIsBare(Observation.Context context) {
        assertThat(context.getError())
                .hasNoCause()
                .hasNoSuppressedExceptions()
                .hasMessageMatching("[a-z]+ ended by dev\\.filestore\\.(Storage|Metadata)Exception");
        assertThat(context.getError().getStackTrace()).isNotEmpty();
        assertThat(low(context)).containsPattern("outcome=(storage|database)_failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "put", "compareAndSet", "open", "delete", "claimDue"})
    void anErrorIsThrown_theScopeIsClosedAndTheObservationEnds(String call) {
        long id = store.upload(StoreFixture.pdf(OWNER)).id();
        ended.contexts.clear();
        lethal = call;

        List<Throwable> thrown = new ArrayList<>();
        for (Runnable operation : List.<Runnable>of(
                () -> store.upload(StoreFixture.pdf(OWNER)),
                () -> store.open(id).stream(),
                () -> store.delete(id),
                store::sweep)) {
            Throwable failure = catchThrowable(operation::run);
            if (failure != null) {
                thrown.add(failure);
            }
            assertThat(registry.getCurrentObservationScope()).isNull();
        }

        assertThat(thrown).isNotEmpty().allMatch(StackOverflowError.class::isInstance);
        assertThat(ended.contexts)
                .filteredOn(context -> low(context).contains("outcome=error"))
                .hasSameSizeAs(thrown)
                .allSatisfy(context ->
                        assertThat(context.getError()).hasMessageEndingWith("ended by java.lang.StackOverflowError"));
    }

    @Test
    void refusal_isAnAnswerAndNoError() {
        assertThatThrownBy(() -> store.upload(
                        UploadRequest.of("fake.pdf", new ByteArrayInputStream("plain".getBytes(StandardCharsets.UTF_8)))
                                .withOwner(OWNER)))
                .isInstanceOf(FileRefusedException.class);

        assertThat(low(ended.only()))
                .isEqualTo("category=none operation=upload outcome=refused reason=type_not_allowed");
        assertThat(ended.only().getError()).isNull();
    }

    /** One callback of a handler throws; before it and behind it stand handlers that do not. */
    @ParameterizedTest
    @ValueSource(strings = {"onStart", "onScopeOpened", "onEvent", "onScopeClosed", "onError", "onStop"})
    void handlerFails_theOperationStandsAndNothingIsLeftOnTheThread(String callback) {
        TestObservationRegistry broken = TestObservationRegistry.create();
        broken.observationConfig().observationHandler(brokenAt(callback));
        FileStore observed =
                builder().observer(new FileStoreObservations(broken)).build();
        Observation around = Observation.start("outer", broken);

        try (Observation.Scope scope = around.openScope()) {
            StoredFile file = observed.upload(StoreFixture.pdf(OWNER));
            assertThat(broken.getCurrentObservationScope()).isSameAs(scope);
            assertThat(observed.find(file.id())).isPresent();
            calls.fail("put", SpiCalls.Fault.BEFORE);
            assertThatThrownBy(() -> observed.upload(StoreFixture.pdf(OWNER))).isInstanceOf(StorageException.class);
            assertThat(broken.getCurrentObservationScope()).isSameAs(scope);
        }
        around.stop();
        assertThat(broken.getCurrentObservationScope()).isNull();
    }

    private static ObservationHandler<FileStoreObservations.Context> brokenAt(String callback) {
        return new ObservationHandler<>() {
            private void reach(String reached) {
                if (reached.equals(callback)) {
                    throw new IllegalStateException("a handler's own fault");
                }
            }

            @Override
            public void onStart(FileStoreObservations.Context context) {
                reach("onStart");
            }

            @Override
            public void onError(FileStoreObservations.Context context) {
                reach("onError");
            }

            @Override
            public void onEvent(Observation.Event event, FileStoreObservations.Context context) {
                reach("onEvent");
            }

            @Override
            public void onScopeOpened(FileStoreObservations.Context context) {
                reach("onScopeOpened");
            }

            @Override
            public void onScopeClosed(FileStoreObservations.Context context) {
                reach("onScopeClosed");
            }

            @Override
            public void onStop(FileStoreObservations.Context context) {
                reach("onStop");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof FileStoreObservations.Context;
            }
        };
    }

    @Test
    void workInTheBackground_hasNoParentOfTheThreadThatBeganIt() throws Exception {
        CountDownLatch swept = new CountDownLatch(1);
        CompletableFuture<String> atTheListener = new CompletableFuture<>();
        FileStore observed = builder()
                .observer(new FileStoreObservations(registry))
                .observer(new OperationObserver() {
                    @Override
                    public void finished(Operation operation) {
                        if (operation.kind() == Operation.Kind.SWEEP) {
                            swept.countDown();
                        }
                    }
                })
                .listener(new FileStoreListener() {
                    @Override
                    public void stored(FileEvent event) {
                        atTheListener.complete(nameOf(registry.getCurrentObservation()));
                    }
                })
                .build();
        Observation around = outer().start();

        try (Observation.Scope scope = around.openScope()) {
            Sweeper sweeper = Sweeper.start(observed, Duration.ofMillis(1));
            observed.upload(StoreFixture.pdf(OWNER));
            assertThat(swept.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(atTheListener.get(10, TimeUnit.SECONDS)).isEqualTo("nothing");
            assertThat(registry.getCurrentObservationScope()).isSameAs(scope);
            sweeper.close();
        }
        around.stop();
        observed.close();

        assertThat(ended.contexts)
                .filteredOn(context -> context.kind() == Operation.Kind.SWEEP)
                .isNotEmpty()
                .allSatisfy(
                        context -> assertThat(context.getParentObservation()).isNull());
        assertThat(ended.contexts)
                .filteredOn(context -> context.kind() == Operation.Kind.UPLOAD)
                .allSatisfy(context -> assertThat(parentOf(context)).isEqualTo("outer"));
    }

    @Test
    void severalObservers_eachObserveAndLeaveInOrder() {
        FileStore twice = builder()
                .observer(new FileStoreObservations(registry, KeyValues.of("store", "outside")))
                .observer(new FileStoreObservations(registry, KeyValues.of("store", "inside")))
                .build();

        twice.upload(StoreFixture.pdf(OWNER));

        assertThat(ended.contexts)
                .extracting(
                        context -> context.getLowCardinalityKeyValue("store").getValue())
                .containsExactly("inside", "outside");
        assertThat(parentOf(ended.contexts.element())).isEqualTo(NAME);
    }

    @Test
    void predicate_leavesAKindOut_andWhatIsBelowBelongsToTheOuterOne() {
        registry.observationConfig()
                .observationPredicate((name, context) -> !(context instanceof FileStoreObservations.Context operation)
                        || operation.kind() != Operation.Kind.UPLOAD);
        currentAtCalls.clear();

        outer().observe(() -> store.upload(StoreFixture.pdf(OWNER)));
        store.sweep();

        assertThat(ended.only().kind()).isEqualTo(Operation.Kind.SWEEP);
        assertThat(currentAtCalls).startsWith("insert in outer", "put in outer", "compareAndSet in outer");
    }

    @Test
    void convention_ofTheHost_namesThingsOtherwise() {
        registry.observationConfig()
                .observationConvention(new GlobalObservationConvention<FileStoreObservations.Context>() {
                    @Override
                    public boolean supportsContext(Observation.Context context) {
                        return context instanceof FileStoreObservations.Context;
                    }

                    @Override
                    public String getName() {
                        return "files";
                    }

                    @Override
                    public String getContextualName(FileStoreObservations.Context context) {
                        return context.kind() + " of "
                                + (context.operation() == null
                                        ? 0
                                        : context.operation().bytes());
                    }
                });

        store.upload(StoreFixture.pdf(OWNER));

        assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("files")
                .hasContextualNameEqualTo("UPLOAD of " + StoreFixture.PDF.length)
                .hasNoKeyValues();
    }

    @Test
    void registryThatHandlesNothing_isToldNothing() {
        ObservationRegistry idle = ObservationRegistry.create();

        assertThat(new FileStoreObservations(idle).begun(Operation.Kind.UPLOAD)).isNull();
        assertThat(new FileStoreObservations(ObservationRegistry.NOOP).begun(Operation.Kind.UPLOAD))
                .isNull();
    }

    /** As Spring Boot sets it up: each observation becomes a timer, and what runs is counted. */
    @Test
    void metersOfObservations_standBesideThoseOfTheMetrics() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        FileStore both = builder()
                .observer(new FileStoreObservations(registry))
                .observer(new FileStoreMetrics(meters))
                .build();

        both.upload(StoreFixture.pdf(OWNER));

        assertThat(meters.get(NAME).tag("outcome", "success").timer().count()).isOne();
        assertThat(meters.get(NAME + ".active").longTaskTimer().activeTasks()).isZero();
        assertThat(meters.get("filestore.uploads").timer().count()).isOne();
    }
}

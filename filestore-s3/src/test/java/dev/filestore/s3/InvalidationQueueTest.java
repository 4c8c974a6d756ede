package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.StorageException;
import dev.filestore.s3.ScriptedCloudFront.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which requests are made of the paths that come, and what those who brought them are told. */
class InvalidationQueueTest {

    /** Longer than any test. */
    private static final Duration NEVER = Duration.ofHours(1);

    private ScriptedCloudFront cloudFront;

    @BeforeEach
    void start() throws IOException {
        cloudFront = new ScriptedCloudFront();
    }

    @AfterEach
    void stop() {
        cloudFront.close();
    }

    private static CompletionStage<Void> add(InvalidationQueue queue, int file) {
        return queue.add(file + "/deleted", "/uploads/" + file);
    }

    private static List<CompletionStage<Void>> add(InvalidationQueue queue, int from, int to) {
        return IntStream.range(from, to).mapToObj(file -> add(queue, file)).toList();
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void assertFails(CompletionStage<Void> stage) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> await(stage))
                .withCauseInstanceOf(StorageException.class);
    }

    @Test
    void add_aFullBatch_isOneRequestAtOnce() throws Exception {
        try (InvalidationQueue queue = cloudFront.queue(50, 100, NEVER)) {
            for (CompletionStage<Void> stage : add(queue, 0, 50)) {
                await(stage);
            }

            assertThat(cloudFront.invalidations())
                    .singleElement()
                    .satisfies(paths -> assertThat(paths)
                            .hasSize(50)
                            .doesNotHaveDuplicates()
                            .contains("/uploads/0", "/uploads/49"));
        }
    }

    @Test
    void add_aFew_areSentAfterTheDelay() throws Exception {
        try (InvalidationQueue queue = cloudFront.queue(50, 100, Duration.ofMillis(1))) {
            await(add(queue, 1));
            await(add(queue, 2));

            assertThat(cloudFront.invalidations()).containsExactly(List.of("/uploads/1"), List.of("/uploads/2"));
            assertThat(cloudFront.references()).doesNotHaveDuplicates();
        }
    }

    @Test
    void add_whileARequestHangs_isSentWithTheNext() throws Exception {
        cloudFront.on(Fault.SILENCE);
        try (InvalidationQueue queue = cloudFront.queue(3, 100, NEVER, NEVER)) {
            List<CompletionStage<Void>> first = add(queue, 0, 3);
            cloudFront.awaitRequest();

            List<CompletionStage<Void>> later = add(queue, 3, 6);
            cloudFront.endSilence();

            for (CompletionStage<Void> stage :
                    Stream.concat(first.stream(), later.stream()).toList()) {
                await(stage);
            }
            assertThat(cloudFront.invalidations()).hasSize(2);
        }
    }

    @Test
    void add_whatIsOnItsWay_joinsIt() throws Exception {
        InvalidationQueue queue = cloudFront.queue(50, 100, NEVER);
        CompletionStage<Void> first = add(queue, 1);
        CompletionStage<Void> again = add(queue, 1);

        queue.close();

        await(first);
        await(again);
        assertThat(cloudFront.invalidations()).containsExactly(List.of("/uploads/1"));
    }

    @Test
    void add_moreThanMayWait_fails() throws Exception {
        InvalidationQueue queue = cloudFront.queue(50, 2, NEVER);
        List<CompletionStage<Void>> stages = add(queue, 0, 3);
        assertFails(stages.get(2));

        queue.close();

        await(stages.get(0));
        await(stages.get(1));
        assertThat(cloudFront.invalidations()).containsExactly(List.of("/uploads/0", "/uploads/1"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DOWN", "THROTTLED", "LOST_ANSWER"})
    void send_failsOnce_isRepeatedUnderTheSameReference(Fault fault) throws Exception {
        cloudFront.on(fault);
        try (InvalidationQueue queue = cloudFront.queue(2, 100, NEVER)) {
            for (CompletionStage<Void> stage : add(queue, 0, 2)) {
                await(stage);
            }
        }

        assertThat(cloudFront.references()).hasSize(2);
        assertThat(cloudFront.references().get(0))
                .isEqualTo(cloudFront.references().get(1));
        assertThat(cloudFront.invalidations()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void send_failsForLong_failsForAllAndWorksLater(Fault fault) throws Exception {
        cloudFront.on(fault, fault, fault);
        try (InvalidationQueue queue = cloudFront.queue(2, 100, NEVER, Duration.ofSeconds(2))) {
            add(queue, 0, 2).forEach(InvalidationQueueTest::assertFails);
            cloudFront.heal();

            // In another order, as a sweep may find them.
            CompletionStage<Void> second = add(queue, 1);
            await(add(queue, 0));
            await(second);
        }

        assertThat(cloudFront.references()).hasSizeGreaterThan(1);
        assertThat(cloudFront.references().stream().distinct())
                .as("the same deletions have the same reference")
                .hasSize(1);
        assertThat(cloudFront.invalidations()).containsExactly(List.of("/uploads/0", "/uploads/1"));
    }

    @Test
    void close_sendsWhatWaitsAndRefusesWhatComes() throws Exception {
        InvalidationQueue queue = cloudFront.queue(2, 100, NEVER);
        List<CompletionStage<Void>> stages = new ArrayList<>(add(queue, 0, 5));

        queue.close();
        queue.close();

        for (CompletionStage<Void> stage : stages) {
            await(stage);
        }
        assertThat(cloudFront.invalidations())
                .hasSize(3)
                .flatMap(paths -> paths)
                .hasSize(5);
        assertFails(add(queue, 6));
    }

    @Test
    void close_cloudFrontIsDown_tellsThoseWhoWait() throws Exception {
        cloudFront.on(Fault.DENIED);
        InvalidationQueue queue = cloudFront.queue(50, 100, NEVER);
        CompletionStage<Void> stage = add(queue, 1);

        queue.close();

        assertFails(stage);
    }

    @Test
    void close_interrupted_leavesNobodyWaiting() throws Exception {
        cloudFront.on(Fault.SILENCE, Fault.SILENCE, Fault.SILENCE);
        InvalidationQueue queue = cloudFront.queue(1, 100, NEVER);
        CompletionStage<Void> first = add(queue, 1);
        CompletionStage<Void> second = add(queue, 2);
        cloudFront.awaitRequest();

        Thread.currentThread().interrupt();
        queue.close();

        assertThat(Thread.interrupted()).isTrue();
        assertFails(first);
        assertFails(second);
    }

    @Test
    void add_whoeverWaits_cannotEndItForOthers() throws Exception {
        InvalidationQueue queue = cloudFront.queue(50, 100, NEVER);
        CompletableFuture<Void> mine = add(queue, 1).toCompletableFuture();
        mine.completeExceptionally(new IllegalStateException("given up"));
        CompletionStage<Void> other = add(queue, 1);

        queue.close();

        await(other);
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.memory.MemoryMetadata;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreHealthTest {

    private final StoreFixture world = new StoreFixture();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean storageIsDown;
    private boolean databaseIsDown;

    private final StorageBackend storage = new ForwardingStorage(world.storage) {
        @Override
        public Optional<ObjectInfo> stat(String key) {
            questions.incrementAndGet();
            if (storageIsDown) {
                throw new StorageException("stat " + key, null);
            }
            return super.stat(key);
        }
    };

    /** Cannot tell its backlog. */
    private final MetadataRepository plain = new ForwardingMetadata(world.metadata) {
        @Override
        public Optional<FileRow> find(long id) {
            if (databaseIsDown) {
                throw new MetadataException("find " + id, null);
            }
            return super.find(id);
        }
    };

    private Pulse pulse(MetadataRepository metadata) {
        return new Pulse(storage, metadata, world.clock, nanos::get);
    }

    private void later(Duration step) {
        nanos.addAndGet(step.toNanos());
    }

    @Test
    void health_allAnswer_isUpAndNothingWasWritten() {
        StoreHealth health = world.store.health();

        assertThat(health.isUp()).isTrue();
        world.assertNothingLeft();
    }

    @Test
    void health_askedOften_asksTheStorageOnceInFiveSeconds() {
        Pulse pulse = pulse(world.metadata);
        for (int i = 0; i < 10; i++) {
            pulse.health();
        }
        later(Duration.ofMillis(4_999));
        pulse.health();
        assertThat(questions).hasValue(1);

        later(Duration.ofMillis(1));
        storageIsDown = true;

        assertThat(pulse.health().storageProblem()).contains("stat filestore-health");
        assertThat(pulse.health().isUp()).isFalse();
        assertThat(questions).hasValue(2);
        later(Duration.ofSeconds(5));
        storageIsDown = false;
        assertThat(pulse.health().isUp()).isTrue();
    }

    @Test
    void health_whileAnotherThreadAsks_isTheAnswerBefore() throws Exception {
        Semaphore asked = new Semaphore(0);
        Semaphore mayAnswer = new Semaphore(1);
        StorageBackend slow = new ForwardingStorage(storage) {
            @Override
            public Optional<ObjectInfo> stat(String key) {
                asked.release();
                mayAnswer.acquireUninterruptibly();
                return super.stat(key);
            }
        };
        Pulse pulse = new Pulse(slow, world.metadata, world.clock, nanos::get);
        assertThat(pulse.health().isUp()).isTrue();
        asked.acquire();
        later(Duration.ofSeconds(5));
        storageIsDown = true;
        FutureTask<StoreHealth> asking = new FutureTask<>(pulse::health);
        new Thread(asking, "asking").start();
        asked.acquire();

        assertThat(pulse.health().isUp()).isTrue();

        mayAnswer.release();
        assertThat(asking.get().isUp()).isFalse();
        assertThat(pulse.health().isUp()).isFalse();
        assertThat(questions).hasValue(2);
    }

    @Test
    void health_rowsAreDue_tellsHowManyAndSinceWhen() {
        world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(2)));
        Pulse pulse = pulse(world.metadata);
        assertThat(pulse.health().backlog()).contains(0L);
        assertThat(pulse.health().backlogAge()).contains(Duration.ZERO);

        later(Duration.ofSeconds(5));
        world.clock.advance(Duration.ofMinutes(60 + 5 + 30));
        assertThat(pulse.health().backlog()).contains(1L);
        assertThat(pulse.health().backlogAge()).contains(Duration.ofMinutes(30));

        later(Duration.ofSeconds(5));
        world.clock.advance(Duration.ofHours(1));
        assertThat(pulse.health().backlog()).contains(2L);
    }

    @Test
    void health_repositoryCannotTell_hasNoBacklog() {
        assertThat(pulse(plain).health().isUp()).isTrue();
        assertThat(pulse(plain).health().backlog()).isEmpty();
        assertThat(pulse(plain).health().backlogAge()).isEmpty();
    }

    @Test
    void health_databaseIsDown_saysSoWithoutTheStorage() {
        databaseIsDown = true;

        StoreHealth health = pulse(plain).rowsOnly();

        assertThat(health.databaseProblem()).contains("find 0");
        assertThat(health.isUp()).isFalse();
        assertThat(questions).hasValue(0);
    }

    @Test
    void due_moreThanTheLimit_countsToTheLimit() {
        for (int i = 0; i < 3; i++) {
            world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        }
        world.clock.advance(Duration.ofHours(3));
        MemoryMetadata metadata = world.metadata;

        assertThat(metadata.due(world.clock.instant(), 2).rows()).isEqualTo(2);
        assertThat(metadata.due(world.clock.instant(), 9).rows()).isEqualTo(3);
    }
}

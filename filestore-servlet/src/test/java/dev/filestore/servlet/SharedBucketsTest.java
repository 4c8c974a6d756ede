package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.filestore.servlet.RateLimits.Operation;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.ExpiredEntriesCleaner;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Buckets of two processes in one place, which is there or not. */
class SharedBucketsTest {

    private final SettableTime time = new SettableTime();
    private final Backend backend = new Backend();
    private final RateLimits limits = RateLimits.off().withUpload(3).withSharedBuckets(backend);
    private final RateLimiter one = new RateLimiter(limits, time);
    private final RateLimiter other = new RateLimiter(limits, time);

    /** In memory, and broken at will. */
    private final class Backend extends AbstractCompareAndSwapBasedProxyManager<String>
            implements ExpiredEntriesCleaner {

        private final Map<String, byte[]> states = new ConcurrentHashMap<>();
        private final AtomicInteger asked = new AtomicInteger();
        private final Semaphore cleaned = new Semaphore(0);
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean failing;
        private volatile boolean hanging;

        Backend() {
            super(ClientSideConfig.getDefault().withClientClock(time));
        }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(String key) {
            asked.incrementAndGet();
            if (failing) {
                throw new IllegalStateException("no connection");
            }
            if (hanging) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return new CompareAndSwapOperation() {
                @Override
                public Optional<byte[]> getStateData(Optional<Long> timeout) {
                    return Optional.ofNullable(states.get(key));
                }

                @Override
                public boolean compareAndSwap(
                        byte @Nullable [] original, byte[] next, RemoteBucketState state, Optional<Long> timeout) {
                    synchronized (states) {
                        if (!Arrays.equals(states.get(key), original)) {
                            return false;
                        }
                        states.put(key, next);
                        return true;
                    }
                }
            };
        }

        @Override
        protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected CompletableFuture<Void> removeAsync(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAsyncModeSupported() {
            return false;
        }

        @Override
        public void removeProxy(String key) {
            states.remove(key);
        }

        @Override
        public int removeExpired(int batchSize) {
            cleaned.release();
            return 0;
        }
    }

    @AfterEach
    void stop() {
        backend.end.countDown();
        one.close();
        other.close();
    }

    private int allowed(RateLimiter limiter, String user, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += limiter.count(user, Operation.UPLOAD).allowed() ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void count_byTwoProcesses_isOneCount() {
        assertThat(one.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, true, 3, 2, 60));
        time.pass(Duration.ofSeconds(20));
        assertThat(other.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, true, 3, 1, 40));
        assertThat(allowed(one, "a", 5)).isEqualTo(1);
        assertThat(other.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, false, 3, 0, 40));
        assertThat(allowed(other, "b", 5)).isEqualTo(3);

        time.pass(Duration.ofSeconds(40));
        assertThat(allowed(other, "a", 5)).isEqualTo(3);
        assertThat(allowed(one, "a", 5)).isZero();
    }

    /** One user who goes on and on must not keep the back-end busy for all. */
    @Test
    void count_ofAUserWhoIsRefused_asksTheBackEndNoMore() {
        allowed(one, "a", 4);
        int asked = backend.asked.get();

        assertThat(allowed(one, "a", 1_000)).isZero();
        assertThat(backend.asked).hasValue(asked);
        time.pass(Duration.ofSeconds(59));
        assertThat(one.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, false, 3, 0, 1));
        time.pass(Duration.ofSeconds(1));
        assertThat(one.count("a", Operation.UPLOAD).allowed()).isTrue();
    }

    @Test
    void count_whileTheBackEndFails_isLocalAndLoggedOnce() throws InterruptedException {
        backend.failing = true;
        try (LogLines log = new LogLines(Level.INFO)) {
            assertThat(allowed(one, "a", 100)).isEqualTo(3);
            assertThat(allowed(one, "b", 100)).isEqualTo(3);
            assertThat(backend.asked).hasValue(1);
            assertThat(log.next(Level.WARN).getFormattedMessage()).contains("this process counts for itself");
            time.pass(Duration.ofSeconds(10));
            allowed(one, "c", 100);
            assertThat(backend.asked).hasValue(2);
            assertThat(log.isEmpty()).isTrue();

            backend.failing = false;
            assertThat(allowed(one, "d", 1)).isEqualTo(1);
            assertThat(backend.asked).hasValue(2);
            time.pass(Duration.ofSeconds(10));
            assertThat(allowed(one, "d", 100)).isEqualTo(3);
            assertThat(log.next(Level.INFO).getFormattedMessage()).contains("together with other processes again");
            assertThat(allowed(other, "d", 100)).isZero();
        }
    }

    @Test
    void count_whileTheBackEndHangs_waitsOnceAndNotForLong() {
        backend.hanging = true;
        try (SharedBuckets buckets = new SharedBuckets(backend, time, Duration.ofMillis(20))) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(buckets.count("upload.3.a", Operation.UPLOAD, 3)).isNull();
            }
        }
        assertThat(backend.asked).hasValue(1);
    }

    @Test
    void count_expiredBuckets_areRemovedEachMinute() throws InterruptedException {
        allowed(one, "a", 1);
        assertThat(backend.cleaned.availablePermits()).isZero();

        time.pass(Duration.ofMinutes(1));
        allowed(one, "a", 3);

        assertThat(backend.cleaned.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(backend.cleaned.tryAcquire()).isFalse();
    }
}

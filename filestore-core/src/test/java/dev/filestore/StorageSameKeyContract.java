package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of the contract kit for several puts of one key. */
abstract class StorageSameKeyContract {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final StorageBackendContract contract;

    /** Some backends may well do so with puts of one key: then nobody is waited for any more. */
    private volatile boolean lettingInOneAtATime;

    StorageSameKeyContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @Test
    void put_keyIsTaken_failsAndLeavesTheObject() throws IOException {
        byte[] first = StorageBackendContract.bytes(1_000, 1);
        contract.store(contract.key("file"), first);
        assertSecondPut(first, StorageBackendContract.bytes(10, 2));
    }

    @Test
    void put_keyIsTakenAndTheBytesAreManyParts_failsAndLeavesTheObject() throws IOException {
        byte[] first = StorageBackendContract.bytes(1_000, 1);
        contract.store(contract.key("file"), first);
        assertSecondPut(first, StorageBackendContract.bytes(2 * contract.partSizeBytes() + 1, 2));
    }

    @Test
    void put_keyIsTakenByTheSameBytes_failsAndLeavesTheObject() throws IOException {
        byte[] first = StorageBackendContract.bytes(1_000, 1);
        contract.store(contract.key("file"), first);
        assertSecondPut(first, first.clone());
    }

    private void assertSecondPut(byte[] first, byte[] second) throws IOException {
        if (contract.createOnly() == StorageBackendContract.CreateOnly.NEVER) {
            contract.store(contract.key("file"), second);
            contract.assertHolds(contract.key("file"), second);
        } else {
            assertThatThrownBy(
                            () -> contract.store(contract.key("file"), second),
                            "a second put of a key fails: objects are create-only")
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(contract.key("file"));
            if (contract.losesObjectToGivenUpParts() && second.length > contract.partSizeBytes()) {
                contract.assertAbsent(contract.key("file"));
            } else {
                contract.assertHolds(contract.key("file"), first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void put_oneKeyAtOnceInOnePart_oneWinsWhole(int threads) throws Exception {
        assertOneWins(contract.key("file"), threads, contract.partSizeBytes() / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void put_oneKeyAtOnceInManyParts_oneWinsWhole(int threads) throws Exception {
        assertOneWins(contract.key("file"), threads, contract.partSizeBytes() + 1);
    }

    /** Whoever looks first and writes then is not caught every time. */
    @Test
    void put_oneKeyAtOnceManyTimes_oneWinsEachTime() throws Exception {
        for (int round = 0; round < 50; round++) {
            assertOneWins(contract.key("file " + round), 2, 10);
        }
    }

    private void assertOneWins(String key, int threads, int size) throws Exception {
        AtomicInteger coming = new AtomicInteger(threads);
        List<Boolean> won = atOnce(threads, number -> () -> {
            byte[] content = StorageBackendContract.bytes(size, number);
            ProbeSource source = new ProbeSource(content).beforeEnd(() -> awaitOthers(coming));
            try {
                contract.backend().put(key, StorageBackendContract.HEADERS, source, size);
                return true;
            } catch (StorageException e) {
                return false;
            }
        });
        if (contract.createOnly() == StorageBackendContract.CreateOnly.ALWAYS) {
            assertThat(won)
                    .as("which puts of one key succeeded that ended at the same moment: create-only means one")
                    .containsOnlyOnce(true);
        } else {
            assertThat(won).as("which puts of one key succeeded").contains(true);
        }
        if (contract.losesObjectToGivenUpParts()
                && size > contract.partSizeBytes()
                && contract.backend().stat(key).isEmpty()) {
            // One that lost has just taken the winner's object with it.
            return;
        }
        byte[] kept = contract.load(key, ByteRange.ALL);
        List<Integer> holders = new ArrayList<>();
        for (int number = 0; number < threads; number++) {
            if (Arrays.equals(kept, StorageBackendContract.bytes(size, number))) {
                holders.add(number);
            }
        }
        assertThat(holders).as("whose bytes are there").hasSize(1);
        assertThat(won.get(holders.get(0))).as("its put was acknowledged").isTrue();
    }

    /** Lets all come to their commits at one moment, by spinning: a thread that has to be woken is late. */
    private void awaitOthers(AtomicInteger coming) {
        coming.decrementAndGet();
        long start = System.nanoTime();
        while (coming.get() > 0 && !lettingInOneAtATime) {
            Thread.onSpinWait();
            lettingInOneAtATime = System.nanoTime() - start > LONGEST_WAIT.toNanos();
        }
    }

    @Test
    void put_manyKeysAtOnceInOneNewFolder_allAreKept() throws Exception {
        List<Boolean> stored = atOnce(8, number -> () -> {
            contract.store(contract.key("new/folder/" + number), StorageBackendContract.bytes(100, number));
            return true;
        });
        assertThat(stored).containsOnly(true);
        for (int number = 0; number < 8; number++) {
            contract.assertHolds(contract.key("new/folder/" + number), StorageBackendContract.bytes(100, number));
        }
    }

    private interface Numbered {
        Callable<Boolean> act(int number);
    }

    private static List<Boolean> atOnce(int threads, Numbered acts) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Boolean>> running = new ArrayList<>();
            for (int number = 0; number < threads; number++) {
                Callable<Boolean> act = acts.act(number);
                running.add(executor.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    return act.call();
                }));
            }
            List<Boolean> results = new ArrayList<>();
            for (Future<Boolean> one : running) {
                results.add(one.get(2, TimeUnit.MINUTES));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}

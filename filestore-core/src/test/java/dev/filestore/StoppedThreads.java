package dev.filestore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The threads of processes that died in the middle of a call: each stops there, and runs none of the clean-up that the
 * storage may have, before the case is over. One thread of all runs at a time.
 */
final class StoppedThreads {

    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private @Nullable CompletableFuture<Boolean> running;

    /** Runs something in a thread of its own until it ends or stops. */
    void runUntilStopped(Runnable act) {
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
                "process");
        threads.add(thread);
        thread.start();
        mine.join();
        running = outer;
    }

    /** The present thread goes no further before {@link #release}. */
    void stopForEver() {
        CompletableFuture<Boolean> mine = running;
        if (mine == null) {
            throw new IllegalStateException("nobody waits for this thread");
        }
        mine.complete(false);
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets the threads come to their ends. */
    void release() {
        end.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

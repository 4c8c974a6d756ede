package dev.filestore.examples.reliability.killer;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a round counts, by name. Thread-safe. */
final class Figures {

    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void add(String name, long count) {
        counts.merge(name, count, Long::sum);
        notifyAll();
    }

    synchronized void set(String name, long count) {
        counts.put(name, count);
    }

    void add(String name) {
        add(name, 1);
    }

    synchronized long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** Waits until one has come so far, for a while. */
    synchronized void await(String name, long wanted, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (of(name) < wanted && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
    }

    /** One line for each, in the order of their names. */
    @Override
    public synchronized String toString() {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + ": " + count.getValue() + "\n")
                .collect(Collectors.joining());
    }
}

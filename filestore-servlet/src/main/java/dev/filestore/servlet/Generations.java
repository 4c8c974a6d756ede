package dev.filestore.servlet;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values by key that nobody needs any more when their key was not asked for during a period. They are kept in two
 * generations: each period the older one, whose keys were not asked for, is dropped. Where more keys come within a period
 * than a generation may hold, it is dropped earlier. Safe for any number of threads.
 *
 * @param <V> the values
 */
final class Generations<V> {

    private final Duration period;
    private final int maxKeys;
    private final TimeMeter time;
    private volatile Maps<V> maps;

    /**
     * Starts empty.
     *
     * @param period after how long a value is as good as none
     * @param maxKeys how many keys a generation may hold
     * @param time where the time comes from
     */
    Generations(Duration period, int maxKeys, TimeMeter time) {
        this.period = period;
        this.maxKeys = maxKeys;
        this.time = time;
        this.maps = new Maps<>(Map.of(), new ConcurrentHashMap<>(), time.currentTimeNanos());
    }

    /** Two generations, told from their successors by identity. */
    private static final class Maps<V> {

        private final Map<String, V> older;
        private final ConcurrentHashMap<String, V> younger;
        private final long sinceNanos;

        Maps(Map<String, V> older, ConcurrentHashMap<String, V> younger, long sinceNanos) {
            this.older = older;
            this.younger = younger;
            this.sinceNanos = sinceNanos;
        }
    }

    /** The value of a key, the same one for all who ask at the same time. */
    V get(String key, Function<String, V> absent) {
        while (true) {
            Maps<V> now = current();
            V value = now.younger.get(key);
            if (value == null) {
                value = now.younger.computeIfAbsent(key, missing -> {
                    V old = now.older.get(missing);
                    return old != null ? old : absent.apply(missing);
                });
            }
            // Who looks into a younger generation from now on finds this value, but who did before did not.
            if (maps == now) {
                return value;
            }
        }
    }

    /** The value of a key, if there is one; this is not asking for it. */
    @Nullable
    V find(String key) {
        Maps<V> now = maps;
        V value = now.younger.get(key);
        return value != null ? value : now.older.get(key);
    }

    void put(String key, V value) {
        current().younger.put(key, value);
    }

    /** How many keys are in memory. */
    int size() {
        Maps<V> now = maps;
        return now.older.size() + now.younger.size();
    }

    private Maps<V> current() {
        Maps<V> now = maps;
        if (isOver(now)) {
            synchronized (this) {
                now = maps;
                if (isOver(now)) {
                    now = new Maps<>(now.younger, new ConcurrentHashMap<>(), time.currentTimeNanos());
                    maps = now;
                }
            }
        }
        return now;
    }

    private boolean isOver(Maps<V> now) {
        return time.currentTimeNanos() - now.sinceNanos >= period.toNanos() || now.younger.size() >= maxKeys;
    }
}

package dev.filestore.examples.benchmarks.harness;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Reads what this process costs, from {@link #begin} to {@link #end}. For one thread. */
public final class Meter {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final LongSupplier files;
    private Map<Long, Long> allocated = Map.of();
    private long filesBefore;
    private long cpu;
    private long started;

    /** @param files counts the temporary files that were made so far */
    public Meter(LongSupplier files) {
        this.files = files;
    }

    public void begin() {
        heapPools(MemoryPoolMXBean::resetPeakUsage);
        allocated = allocations();
        filesBefore = files.getAsLong();
        cpu = SYSTEM.getProcessCpuTime();
        started = System.nanoTime();
    }

    public Figures end(long operations, long bytes) {
        long wall = System.nanoTime() - started;
        long used = SYSTEM.getProcessCpuTime() - cpu;
        long[] sums = new long[2];
        allocations().forEach((thread, total) -> sums[0] += total - allocated.getOrDefault(thread, 0L));
        heapPools(pool -> sums[1] += pool.getPeakUsage().getUsed());
        return new Figures(operations, bytes, wall, used, sums[0], sums[1], files.getAsLong() - filesBefore);
    }

    private static Map<Long, Long> allocations() {
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        Map<Long, Long> found = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            found.put(ids[i], Math.max(0, bytes[i]));
        }
        return found;
    }

    private static void heapPools(java.util.function.Consumer<MemoryPoolMXBean> act) {
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .forEach(act);
    }

    /** What is reachable: the heap after a collection, the smallest of some. */
    public static long liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}

package dev.filestore.examples.benchmarks.harness;

import java.util.Map;

/**
 * What some operations cost the process that did them.
 *
 * @param operations how many there were
 * @param bytes how many bytes of content they moved
 * @param wallNanos from the first to the last
 * @param cpuNanos of all threads, the collector's and the compiler's among them
 * @param allocatedBytes by all threads that were still there at the end
 * @param peakHeapBytes the most that the heap held, garbage included
 * @param files how many files appeared in the folder for temporary files
 */
public record Figures(
        long operations,
        long bytes,
        long wallNanos,
        long cpuNanos,
        long allocatedBytes,
        long peakHeapBytes,
        long files) {

    private static final double MEBIBYTE = 1024 * 1024;

    /** As one line, to be read by {@link #parse}. */
    public String asLine() {
        return "operations=" + operations + " bytes=" + bytes + " wall=" + wallNanos + " cpu=" + cpuNanos
                + " allocated=" + allocatedBytes + " peak=" + peakHeapBytes + " files=" + files;
    }

    /** Reads what a process answered. */
    public static Figures parse(Map<String, String> answer) {
        return new Figures(
                number(answer, "operations"),
                number(answer, "bytes"),
                number(answer, "wall"),
                number(answer, "cpu"),
                number(answer, "allocated"),
                number(answer, "peak"),
                number(answer, "files"));
    }

    private static long number(Map<String, String> answer, String name) {
        return Long.parseLong(answer.getOrDefault(name, "0"));
    }

    /** The same cost for work that somebody else counted. */
    public Figures of(long operations, long bytes) {
        return new Figures(operations, bytes, wallNanos, cpuNanos, allocatedBytes, peakHeapBytes, files);
    }

    public double mebibytesPerSecond() {
        return bytes / MEBIBYTE / (wallNanos / 1e9);
    }

    public double cpuSecondsPerGibibyte() {
        return cpuNanos / 1e9 / (bytes / MEBIBYTE / 1024);
    }

    public double operationsPerSecond() {
        return operations / (wallNanos / 1e9);
    }

    public double allocatedPerOperation() {
        return (double) allocatedBytes / operations;
    }
}

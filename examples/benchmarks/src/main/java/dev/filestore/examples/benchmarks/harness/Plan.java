package dev.filestore.examples.benchmarks.harness;

import java.util.List;

/**
 * How much is done.
 *
 * @param rounds how often every side is measured
 * @param warmUps how often it runs before
 * @param largeBytes the size of a large file
 * @param streamBytes the size of a stream for the comparison with other libraries
 * @param large how many large files a round has
 * @param small how many small files a round has
 * @param manyRows how many rows a large table has
 * @param fewRows how many a small one
 * @param smoke whether only to see that all works
 */
public record Plan(
        int rounds,
        int warmUps,
        int largeBytes,
        int streamBytes,
        int large,
        int small,
        int manyRows,
        int fewRows,
        boolean smoke) {

    /** A round of small operations takes about a second, and a compiler is done with them in ten. */
    private static final int WARM_UPS_OF_SMALL = 10;

    private static final int MEBIBYTE = 1024 * 1024;

    /** What the figures are from. */
    public static Plan full() {
        return new Plan(5, 1, 50 * MEBIBYTE, 200 * MEBIBYTE, 10, 3_000, 10_000_000, 10_000, false);
    }

    /** Runs everything once, in seconds: its figures mean nothing. */
    public static Plan tiny() {
        return new Plan(1, 0, 9 * MEBIBYTE, 9 * MEBIBYTE, 2, 16, 2_000, 1_000, true);
    }

    /** The same for operations so small that their code, and not what it moves, is what is measured. */
    public Plan warm() {
        return new Plan(
                rounds,
                smoke ? warmUps : WARM_UPS_OF_SMALL,
                largeBytes,
                streamBytes,
                large,
                small,
                manyRows,
                fewRows,
                smoke);
    }

    /** The same with fewer rounds, where a side takes many seconds. */
    public Plan slow() {
        return new Plan(
                Math.min(rounds, 3),
                Math.min(warmUps, 1),
                largeBytes,
                streamBytes,
                large,
                small,
                manyRows,
                fewRows,
                smoke);
    }

    /**
     * How storage is reached, and how much happens at the same time.
     *
     * @param scheme http or https
     * @param atOnce how many do the same
     */
    public record Setting(String scheme, int atOnce) {

        @Override
        public String toString() {
            return scheme + ", " + (atOnce == 1 ? "one at a time" : atOnce + " at once");
        }
    }

    /** The settings in which large files are moved. */
    public List<Setting> settings() {
        return smoke
                ? List.of(new Setting("https", 2))
                : List.of(
                        new Setting("https", 1),
                        new Setting("https", 8),
                        new Setting("http", 1),
                        new Setting("http", 8));
    }

    /** How many large files a round moves. */
    public int large(Setting setting) {
        return Math.max(large, setting.atOnce());
    }
}

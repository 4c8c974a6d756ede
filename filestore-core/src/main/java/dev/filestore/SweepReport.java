package dev.filestore;

/**
 * What one sweep did.
 *
 * @param expired how many files had expired and are now being removed
 * @param abandoned how many uploads were given up because nothing was heard of them
 * @param removed of how many files and uploads the bytes were removed, those of broken-off deletes among them
 * @param failed how many rows could not be dealt with and were put off
 */
public record SweepReport(int expired, int abandoned, int removed, int failed) {

    /**
     * Whether there was nothing to report.
     *
     * @return true if all counts are zero
     */
    public boolean isEmpty() {
        return expired == 0 && abandoned == 0 && removed == 0 && failed == 0;
    }

    SweepReport plus(SweepReport other) {
        return new SweepReport(
                expired + other.expired, abandoned + other.abandoned, removed + other.removed, failed + other.failed);
    }
}

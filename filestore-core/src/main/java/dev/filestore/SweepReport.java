package dev.filestore;

/**
 * What one sweep did.
 *
 * @param expired how many files had expired and are now being removed
 * @param abandoned how many uploads were given up because nothing was heard of them
 * @param removed how many rows went, their bytes being gone
 * @param failed how many rows could not be dealt with and were put off
 */
public record SweepReport(int expired, int abandoned, int removed, int failed) {

    SweepReport plus(SweepReport other) {
        return new SweepReport(
                expired + other.expired, abandoned + other.abandoned, removed + other.removed, failed + other.failed);
    }
}

package dev.filestore.explorer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is explored: operations that run at once, and what may befall them.
 *
 * @param stored what is stored before; nothing, if it is null
 * @param operations the operations, each by a node of its own
 * @param jumps by how much time may pass at once
 * @param maxJumps how often it may
 * @param maxFaults how many calls may fail
 */
record Scenario(
        @Nullable Operation stored, List<Operation> operations, List<Duration> jumps, int maxJumps, int maxFaults) {

    static final Instant START = Instant.parse("2026-02-26T14:30:22.123456Z");

    /** Longer than the leases of deletes and sweeps and the reservation of a key. */
    static final Duration SHORT = Duration.ofMinutes(6);

    /** Longer than the lease of an upload and the life of the files here. */
    static final Duration LEASE = Duration.ofMinutes(31);

    /** Longer than any put lives. */
    static final Duration GRACE = Duration.ofMinutes(61);

    Scenario {
        operations = List.copyOf(operations);
        jumps = List.copyOf(jumps);
    }

    @Override
    public String toString() {
        return operations.stream().map(Operation::toString).collect(Collectors.joining(" | "))
                + (stored == null ? "" : ", after " + stored)
                + (maxFaults == 0 ? "" : ", " + maxFaults + " fault")
                + (maxJumps == 0 ? "" : ", " + maxJumps + " jump");
    }
}

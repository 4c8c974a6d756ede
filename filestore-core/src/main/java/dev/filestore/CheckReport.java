package dev.filestore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link FileStore#check()} found, in the order in which it looked. Holds names of buckets, keys, hosts and tables, and
 * neither credentials nor signed addresses.
 *
 * @param findings one for each thing that was looked at, those that are well included
 */
public record CheckReport(List<Finding> findings) {

    /** Takes a copy. */
    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** How a thing is. */
    public enum Status {
        /** As it should be. */
        OK,
        /** The store works, but worse than it could, or something is left lying about. */
        WARNING,
        /** The store does not work, or not all of it. */
        FAILED,
        /** It could not be looked at: a right to look is missing, or something before it failed. */
        UNKNOWN
    }

    /**
     * One thing that was looked at.
     *
     * @param check what it is, such as {@code storage: put}; the same in every run
     * @param status how it is
     * @param found what was found, in a sentence without a full stop
     * @param cure what to do about it: a right, a statement, a command; empty where nothing is to be done
     */
    public record Finding(String check, Status status, String found, Optional<String> cure) {

        private static final Duration SMALL_SKEW = Duration.ofSeconds(30);
        private static final Duration LARGE_SKEW = Duration.ofMinutes(5);

        /** Checks that nothing is missing. */
        public Finding {
            Objects.requireNonNull(check, "check");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(found, "found");
            Objects.requireNonNull(cure, "cure");
        }

        /**
         * A thing that is as it should be.
         *
         * @param check what it is
         * @param found what was found
         * @return the finding
         */
        public static Finding ok(String check, String found) {
            return new Finding(check, Status.OK, found, Optional.empty());
        }

        /**
         * A thing that is not as it should be, and does not stop the store.
         *
         * @param check what it is
         * @param found what was found
         * @param cure what to do about it
         * @return the finding
         */
        public static Finding warning(String check, String found, String cure) {
            return new Finding(check, Status.WARNING, found, Optional.of(cure));
        }

        /**
         * A thing that stops the store, or a part of it.
         *
         * @param check what it is
         * @param found what was found
         * @param cure what to do about it
         * @return the finding
         */
        public static Finding failed(String check, String found, String cure) {
            return new Finding(check, Status.FAILED, found, Optional.of(cure));
        }

        /**
         * A thing that could not be looked at.
         *
         * @param check what it is
         * @param found why not
         * @param cure how to be able to
         * @return the finding
         */
        public static Finding unknown(String check, String found, String cure) {
            return new Finding(check, Status.UNKNOWN, found, Optional.of(cure));
        }

        /**
         * Another's clock beside this one: a warning from 30 seconds on, failed from five minutes on, the time for which a key
         * stays reserved. S3 itself refuses requests from 15 minutes on.
         *
         * @param check what it is
         * @param theirs the time that the other told
         * @param sent when it was asked, by this clock
         * @param received when it had answered, by this clock
         * @return the finding
         */
        public static Finding ofClock(String check, Instant theirs, Instant sent, Instant received) {
            Instant middle = sent.plus(Duration.between(sent, received).dividedBy(2));
            Duration skew = Duration.between(theirs, middle);
            Duration size = skew.abs();
            if (size.compareTo(SMALL_SKEW) < 0) {
                return ok(check, "this machine's clock is less than " + SMALL_SKEW.toSeconds() + " s off");
            }
            String found =
                    "this machine's clock is " + size.toSeconds() + " s " + (skew.isNegative() ? "behind" : "ahead");
            String cure =
                    "Set the clocks of both by NTP: on this machine, chronyc makestep or timedatectl set-ntp true";
            return size.compareTo(LARGE_SKEW) < 0 ? warning(check, found, cure) : failed(check, found, cure);
        }
    }

    /**
     * Whether nothing failed. Warnings, and what is unknown, do not count.
     *
     * @return true if nothing failed
     */
    public boolean isOk() {
        return of(Status.FAILED).isEmpty();
    }

    /**
     * Picks findings.
     *
     * @param status which
     * @return those, in order
     */
    public List<Finding> of(Status status) {
        return findings.stream().filter(finding -> finding.status() == status).toList();
    }

    /** Returns a table for people: a line for each finding, and its cure below it. */
    @Override
    public String toString() {
        int width = findings.stream()
                .mapToInt(finding -> finding.check().length())
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        for (Finding finding : findings) {
            table.append(String.format(
                    "%-7s  %-" + Math.max(width, 1) + "s  %s%n", finding.status(), finding.check(), finding.found()));
            finding.cure()
                    .ifPresent(cure -> cure.lines()
                            .forEach(line ->
                                    table.append("         ").append(line).append(System.lineSeparator())));
        }
        return table.toString();
    }
}

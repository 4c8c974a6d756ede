package dev.filestore;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a file is, and whether it is accepted, from the name and the type that its uploader claims and from its
 * first bytes; where these leave something open, from its last ones too. Thread-safe. {@link AllowedTypes} is the usual
 * one.
 */
@FunctionalInterface
public interface MimePolicy {

    /** How many first bytes are looked at: the policy gets as many, or the whole file where it is shorter. */
    int HEAD_BYTES = 8192;

    /** How many last bytes an {@link EndCheck} gets: as many, or the whole file where it is shorter. */
    int END_BYTES = 64 * 1024;

    /**
     * Decides. Called before anything is stored, and once per upload.
     *
     * @param fileName the cleaned name
     * @param declaredType the type that the uploader claims, as it came; null where none is claimed
     * @param head the first bytes of the file, at least one and at most {@link #HEAD_BYTES}; not to be changed or kept
     * @return the verdict
     */
    Verdict judge(String fileName, @Nullable String declaredType, byte[] head);

    /** What a policy decided. */
    sealed interface Verdict permits Accepted, AcceptedSoFar, Refused {}

    /**
     * The file is accepted.
     *
     * @param contentType the type it is stored and served under: lower case, without parameters
     * @param category its category
     * @param maxBytes how many bytes it may have, at least 1
     */
    record Accepted(String contentType, Category category, long maxBytes) implements Verdict {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if no byte is allowed, or the type is not a plain media type
         */
        public Accepted {
            MediaTypes.requirePlain(contentType);
            Objects.requireNonNull(category, "category");
            if (maxBytes < 1) {
                throw new IllegalArgumentException("a file may have at least 1 byte, found a limit of " + maxBytes);
            }
        }
    }

    /**
     * The file is accepted unless its end speaks against it. Its bytes are stored meanwhile, and nobody sees them.
     *
     * @param accepted what it is accepted as
     * @param end asked when all bytes have passed and before any reader can see them
     */
    record AcceptedSoFar(Accepted accepted, EndCheck end) implements Verdict {

        /** Checks that nothing is missing. */
        public AcceptedSoFar {
            Objects.requireNonNull(accepted, "accepted");
            Objects.requireNonNull(end, "end");
        }
    }

    /** Looks at the end of one file. It costs {@link #END_BYTES} of memory while the file passes. */
    @FunctionalInterface
    interface EndCheck {

        /**
         * Looks at the end. Called at most once, by the thread that reads the file; an exception fails the upload.
         *
         * @param end the last bytes of the file, at most {@link #END_BYTES}; its own to keep
         * @param size how many bytes the file has
         * @return the reason why the file is not accepted after all, or empty
         */
        Optional<Refused> judge(byte[] end, long size);
    }

    /**
     * The file is not accepted.
     *
     * @param message what was found and what is allowed, fit to be shown to the user
     */
    record Refused(String message) implements Verdict {

        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(message, "message");
        }
    }
}

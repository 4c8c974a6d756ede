package dev.filestore.servlet;

import org.jspecify.annotations.Nullable;

/** An answer other than the one that was hoped for: a row of the contract's error table, and what was found. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_QUOTE = 64;

    private final Kind kind;
    private final long retryAfterSeconds;

    private Failure(Kind kind, String message, @Nullable Throwable cause, long retryAfterSeconds) {
        super(message, cause, false, false);
        this.kind = kind;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** The rows of the table. */
    enum Kind {
        TOO_LARGE(400, "File size exceeds limit", "file_size_exceeds_limit"),
        TYPE_NOT_ALLOWED(400, "File type not allowed", "file_type_not_allowed"),
        EMPTY(400, "File is empty", "file_is_empty"),
        TOO_MANY_FILES(400, "Too many files", "too_many_files"),
        INFECTED(400, "File is infected", "file_is_infected"),
        NO_FILE(400, "No file provided", "no_file_provided"),
        INVALID(400, "Invalid request", "invalid_request"),
        UNAUTHENTICATED(401, "Authentication required", "authentication_required"),
        FORBIDDEN(403, "Not authorized", "not_authorized"),
        NOT_FOUND(404, "File not found", "file_not_found"),
        PRECONDITION(412, "Precondition failed", "precondition_failed"),
        RANGE(416, "Range not satisfiable", "range_not_satisfiable"),
        METHOD(405, "Method not allowed", "method_not_allowed"),
        TOO_MANY(429, "Too many requests", "too_many_requests"),
        INTERNAL(500, "S3 error", "s3_error"),
        NOT_SUPPORTED(501, "Not supported", "not_supported"),
        UNAVAILABLE(503, "Service unavailable", "service_unavailable");

        final int status;
        final String error;
        final String code;

        Kind(int status, String error, String code) {
            this.status = status;
            this.error = error;
            this.code = code;
        }

        Failure because(String message) {
            return new Failure(this, message, null, 0);
        }

        Failure because(String message, Throwable cause) {
            return new Failure(this, message, cause, 0);
        }
    }

    /** The same, with the time after which the client may try again. */
    Failure withRetryAfter(long seconds) {
        return new Failure(kind, text(), getCause(), seconds);
    }

    Kind kind() {
        return kind;
    }

    /** After how many seconds the client may try again; 0 if that is not said. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether it is asked too much, and not asked wrongly. */
    boolean isOverload() {
        return kind == Kind.TOO_MANY || kind == Kind.UNAVAILABLE;
    }

    /** What the client is told. */
    String text() {
        return String.valueOf(getMessage());
    }

    /**
     * A client's own text, fit for a message: its beginning, with nothing that a terminal or a log could trip over, and
     * nothing that looks like the end of the quotation.
     */
    static String quote(String text) {
        StringBuilder shown = new StringBuilder("'");
        text.codePoints().limit(LONGEST_QUOTE).map(c -> isPlain(c) ? c : '?').forEach(shown::appendCodePoint);
        return shown.append(text.codePointCount(0, text.length()) > LONGEST_QUOTE ? "..." : "")
                .append('\'')
                .toString();
    }

    private static boolean isPlain(int codePoint) {
        return codePoint != '\'' && isSeen(codePoint);
    }

    private static boolean isSeen(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

package dev.filestore.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The form of an upload: its file, as a stream while it arrives, and its TTL, which may stand before the file or behind
 * it. The stream ends, with -1, only after the rest of the form was read and found right: a store that commits only
 * then never keeps a file whose form is broken, or is not what its digests say.
 */
final class UploadForm {

    private static final String FILE = "file";
    /** The name of the TTL, as a field and in the query. */
    static final String TTL = "expires_in_hours";

    static final int MAX_TTL_HOURS = 87_600;

    private static final int MAX_FIELD_BYTES = 64;
    private static final int MAX_IGNORED_BYTES = 64 * 1024;

    private final Digests.Comparison body;
    private final MultipartReader reader;
    private @Nullable Duration ttl;
    private final PartHeader file;
    private final Digests announced;

    /**
     * Reads the form up to its file.
     *
     * @param body the body
     * @param boundary what stands between its parts
     * @param announced the digests of the whole body
     * @param queryTtl the TTL as the query names it, or null
     */
    UploadForm(InputStream body, String boundary, Digests announced, @Nullable String queryTtl) throws IOException {
        this.body = announced.compare();
        this.reader = new MultipartReader(this.body.of(body), boundary);
        if (queryTtl != null) {
            ttl = parseTtl(queryTtl);
        }
        PartHeader found = nextOfNote(false);
        if (found == null) {
            throw Failure.Kind.NO_FILE.because("The form has no part named 'file'");
        }
        if (found.fileName() == null) {
            throw Failure.Kind.NO_FILE.because("The part named 'file' is a field without a file name, and not a file");
        }
        this.file = found;
        this.announced = Digests.of("The file's", found.contentDigest(), found.reprDigest());
    }

    /** What the client calls the file; may be empty. */
    String fileName() {
        return Objects.requireNonNull(file.fileName());
    }

    /** What the client says the file is. */
    @Nullable
    String declaredType() {
        return file.contentType();
    }

    /** The SHA-256 that the client says the file has, to be compared by the store; other digests are compared here. */
    @Nullable
    String sha256() {
        return announced.sha256();
    }

    /** The bytes of the file, to be read in bulk, once. */
    InputStream content() {
        return new Content();
    }

    /** How long the file lives; known when the content has ended. */
    @Nullable
    Duration ttl() {
        return ttl;
    }

    /** Reads fields until a file comes, or the end. */
    private @Nullable PartHeader nextOfNote(boolean haveFile) throws IOException {
        while (true) {
            PartHeader part = reader.next();
            if (part == null || part.name().equals(FILE)) {
                return part;
            }
            if (part.name().equals(TTL)) {
                if (ttl != null) {
                    throw new MalformedBodyException(TTL + " is given more than once");
                }
                ttl = parseTtl(reader.readField(TTL, MAX_FIELD_BYTES));
            } else if (!reader.skip(MAX_IGNORED_BYTES)) {
                if (haveFile) {
                    throw new MalformedBodyException("A part beside the file is too large");
                }
                throw Failure.Kind.NO_FILE.because("No part named 'file' came before a large part named "
                        + Failure.quote(part.name()) + ", which is no part of an upload");
            }
        }
    }

    private static Duration parseTtl(String hours) throws MalformedBodyException {
        if (hours.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(hours);
            if (number >= 1 && number <= MAX_TTL_HOURS) {
                return Duration.ofHours(number);
            }
        }
        throw new MalformedBodyException(
                TTL + " is a whole number from 1 to " + MAX_TTL_HOURS + ", found " + Failure.quote(hours));
    }

    private final class Content extends InputStream {

        private final Digests.Comparison content = announced.withoutSha256().compare();
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            if (length == 0) {
                return 0;
            }
            if (ended) {
                return -1;
            }
            int read = reader.read(buffer, offset, length);
            if (read < 0) {
                if (nextOfNote(true) != null) {
                    throw new MalformedBodyException("The form has more than one part named 'file'");
                }
                // Nothing follows the last part: the body was read to its end.
                body.end("The body");
                content.end("The file");
                ended = true;
                return -1;
            }
            content.update(buffer, offset, read);
            return read;
        }
    }
}

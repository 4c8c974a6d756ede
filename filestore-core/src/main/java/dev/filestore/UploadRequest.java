package dev.filestore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is handed in: a name, the bytes, and what the uploader says of them. Immutable; each {@code with} method returns
 * a copy.
 *
 * <p>Nothing in it is believed: the name is cleaned, the type is judged by the {@link MimePolicy} together with the
 * bytes, a length or a digest that does not come true ends the upload.
 */
public final class UploadRequest {

    private static final Duration LONGEST_TTL = Duration.ofDays(36_525);

    private final String fileName;
    private final Source source;
    private final @Nullable String owner;
    private final @Nullable String declaredType;
    private final long length;
    private final @Nullable String sha256;
    private final Supplier<@Nullable Duration> ttl;

    private UploadRequest(
            String fileName,
            Source source,
            @Nullable String owner,
            @Nullable String declaredType,
            long length,
            @Nullable String sha256,
            Supplier<@Nullable Duration> ttl) {
        this.fileName = fileName;
        this.source = source;
        this.owner = owner;
        this.declaredType = declaredType;
        this.length = length;
        this.sha256 = sha256;
        this.ttl = ttl;
    }

    /** Where the bytes come from. Opened once at most, and closed by the upload. */
    @FunctionalInterface
    public interface Source {

        /**
         * Opens the bytes.
         *
         * @return the bytes from the first to the last
         * @throws IOException if they cannot be read
         */
        InputStream open() throws IOException;
    }

    /**
     * Bytes from a stream, which is read once to its end and stays open: whoever made it closes it.
     *
     * @param fileName the file's name as the user knows it; a path in front is dropped
     * @param stream the bytes
     * @return the request
     */
    public static UploadRequest of(String fileName, InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        return of(fileName, () -> new Unclosed(stream));
    }

    /**
     * Bytes from a source that is opened when they are needed, and closed when they were read.
     *
     * @param fileName the file's name as the user knows it; a path in front is dropped
     * @param source the bytes
     * @return the request
     */
    public static UploadRequest of(String fileName, Source source) {
        return new UploadRequest(
                Objects.requireNonNull(fileName, "fileName"),
                Objects.requireNonNull(source, "source"),
                null,
                null,
                -1,
                null,
                () -> null);
    }

    /**
     * Bytes from a file on disk, under that file's own name.
     *
     * @param path a regular file
     * @return the request
     * @throws IllegalArgumentException if the path has no name
     */
    public static UploadRequest of(Path path) {
        Path name = path.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("not a file: " + path);
        }
        return of(name.toString(), () -> Files.newInputStream(path));
    }

    /**
     * Names the user that the file will belong to.
     *
     * @param owner the user's id, 1 to {@value Caller#MAX_USER_ID_LENGTH} characters
     * @return a copy
     */
    public UploadRequest withOwner(String owner) {
        return new UploadRequest(fileName, source, Caller.requireUserId(owner), declaredType, length, sha256, ttl);
    }

    /**
     * Says what the uploader claims the type to be.
     *
     * @param contentType a media type such as {@code image/png}, parameters allowed; null where nothing is claimed
     * @return a copy
     */
    public UploadRequest withDeclaredType(@Nullable String contentType) {
        return new UploadRequest(fileName, source, owner, contentType, length, sha256, ttl);
    }

    /**
     * Announces how many bytes there are: an upload of more or fewer fails and leaves nothing. A known length also lets
     * a file that is too large be refused before any byte moves.
     *
     * @param bytes at least 0
     * @return a copy
     */
    public UploadRequest withLength(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a length is at least 0 bytes, found " + bytes);
        }
        return new UploadRequest(fileName, source, owner, declaredType, bytes, sha256, ttl);
    }

    /**
     * Announces the SHA-256 of the bytes: an upload of others fails at its end, before it is committed, and leaves
     * nothing.
     *
     * @param hex 64 hexadecimal digits; null where nothing is announced
     * @return a copy
     * @throws IllegalArgumentException if it is no SHA-256
     */
    public UploadRequest withSha256(@Nullable String hex) {
        String announced = hex == null ? null : Sha256.requireHex(hex);
        return new UploadRequest(fileName, source, owner, declaredType, length, announced, ttl);
    }

    /**
     * Makes the file temporary: it expires that long after the start of its upload.
     *
     * @param ttl more than zero and at most 100 years; null for ever
     * @return a copy
     */
    public UploadRequest withTtl(@Nullable Duration ttl) {
        if (ttl != null) {
            requireTtl(ttl);
        }
        return withTtlAtEnd(() -> ttl);
    }

    /**
     * Makes the file temporary by a TTL that is known only when the bytes have been read: that of a form whose fields
     * come behind the file.
     *
     * @param ttl asked once, when the source has ended and before the file is committed. It gives more than zero and at most 100 years, counted
     *     from the start of the upload, or null for ever; what it throws ends the upload as if the source had failed
     * @return a copy
     */
    public UploadRequest withTtlAtEnd(Supplier<@Nullable Duration> ttl) {
        Objects.requireNonNull(ttl, "ttl");
        return new UploadRequest(fileName, source, owner, declaredType, length, sha256, ttl);
    }

    /**
     * The name that the file will have in the store: what {@link StoredFile#originalFilename()} answers.
     *
     * @return the name without path, control and direction characters, in NFC
     */
    public String originalFilename() {
        return FileNames.clean(fileName);
    }

    String fileName() {
        return fileName;
    }

    Source source() {
        return source;
    }

    @Nullable
    String owner() {
        return owner;
    }

    @Nullable
    String declaredType() {
        return declaredType;
    }

    /** The announced number of bytes, -1 where nothing was announced. */
    long length() {
        return length;
    }

    /** The announced digest, null where nothing was announced. */
    @Nullable
    String sha256() {
        return sha256;
    }

    static Duration requireTtl(Duration ttl) {
        if (ttl.isZero() || ttl.isNegative() || ttl.compareTo(LONGEST_TTL) > 0) {
            throw new IllegalArgumentException(
                    "a TTL is more than zero and at most " + LONGEST_TTL.toDays() + " days, found " + ttl);
        }
        return ttl;
    }

    /** To be asked once, when the source has ended. */
    Supplier<@Nullable Duration> ttl() {
        return ttl;
    }

    /** Returns the cleaned name. */
    @Override
    public String toString() {
        return "UploadRequest[" + FileNames.clean(fileName) + "]";
    }

    private static final class Unclosed extends FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // The stream belongs to whoever handed it in.
        }
    }
}

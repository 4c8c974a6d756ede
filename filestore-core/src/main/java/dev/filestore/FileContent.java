package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file that may be read: its record, and its bytes once they are asked for. Until then nothing was asked of the storage,
 * so that a reader can look at the record first and decide which bytes it wants, if any. Not thread-safe. Whoever opened
 * it closes it, and with it the stream; closing before the end gives the connection up at once and reads nothing more.
 */
public final class FileContent implements AutoCloseable {

    private final Engine engine;
    private final FileRow row;
    private final StoredFile file;
    private final InlineTypes inlineTypes;
    private final Disposition granted;
    private final Instant openedAt;
    private final @Nullable Instant endsAt;
    private @Nullable InputStream stream;

    FileContent(Engine engine, FileRow row, InlineTypes inlineTypes, HmacUrls.@Nullable Grant grant, Instant openedAt) {
        this.engine = engine;
        this.row = row;
        this.file = row.toStoredFile();
        this.inlineTypes = inlineTypes;
        this.granted = grant == null ? Disposition.INLINE : grant.disposition();
        this.openedAt = openedAt;
        Instant fileEnd = row.expiresAt();
        Instant grantEnd = grant == null ? null : grant.expiresAt();
        this.endsAt = grantEnd == null || (fileEnd != null && fileEnd.isBefore(grantEnd)) ? fileEnd : grantEnd;
    }

    /**
     * The record.
     *
     * @return the file as it was when it was opened
     */
    public StoredFile file() {
        return file;
    }

    /**
     * When the record was read, by the store's clock.
     *
     * @return the moment, before the file's {@link StoredFile#expiresAt()} if there is one
     */
    public Instant openedAt() {
        return openedAt;
    }

    /**
     * Until when the bytes may be read, and kept to be read again: the end of the file, or that of the signed address by
     * which it was opened if that is earlier.
     *
     * @return the moment, after {@link #openedAt()}; null for ever
     */
    public @Nullable Instant endsAt() {
        return endsAt;
    }

    /**
     * The header fields under which the bytes are to be handed to a browser: the type that was found at the upload, and the
     * name. It is shown only where {@link FileStore.Builder#inline} allows its type, and the signed address by which it was
     * opened, if it was, was made for that.
     *
     * @param asked what the reader would like: {@link Disposition#INLINE} changes nothing, {@link Disposition#ATTACHMENT}
     *     always holds
     * @return the header fields
     */
    public ObjectHeaders headers(Disposition asked) {
        return inlineTypes.headers(
                file.contentType(), file.originalFilename(), granted == Disposition.INLINE ? asked : granted);
    }

    /**
     * Asks the storage for all bytes.
     *
     * @return the bytes, not buffered; read them in bulk. Where they break off, reading throws, and never ends as if all
     *     had come
     * @throws FileMissingException if the file was deleted since it was opened
     * @throws StorageException if the storage failed, or has lost the object
     * @throws IllegalStateException if bytes were asked for already
     */
    public InputStream stream() {
        return stream(ByteRange.ALL);
    }

    /**
     * Asks the storage for a part of the bytes.
     *
     * @param range the bytes that are wanted; those beyond the end are left out
     * @return the bytes, as with {@link #stream()}
     * @throws FileMissingException if the file was deleted since it was opened
     * @throws StorageException if the storage failed, or has lost the object
     * @throws IllegalArgumentException if the range starts behind the end of the file
     * @throws IllegalStateException if bytes were asked for already
     */
    public InputStream stream(ByteRange range) {
        if (stream != null) {
            throw new IllegalStateException("the bytes of the file " + file.id() + " were asked for already");
        }
        InputStream opened = engine.read(row, range);
        stream = opened;
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (stream != null) {
            stream.close();
        }
    }
}

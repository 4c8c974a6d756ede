package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * An open file: its record, and its bytes as they come from the storage. Not thread-safe. Whoever opened it closes it;
 * closing before the end gives the connection up at once and reads nothing more.
 *
 * @param file the record
 * @param range the bytes that {@code stream} holds, cut to the file's size
 * @param stream the bytes, not buffered; read them in bulk
 */
public record FileContent(StoredFile file, ByteRange range, InputStream stream) implements AutoCloseable {

    /** Checks that nothing is missing. */
    public FileContent {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(stream, "stream");
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}

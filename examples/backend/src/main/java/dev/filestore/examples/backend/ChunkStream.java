package dev.filestore.examples.backend;

import dev.filestore.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Objects;

/** A range of an object, of which one chunk at a time is in memory, and no connection is held between two of them. */
final class ChunkStream extends InputStream {

    private final DatabaseStorage storage;
    private final String id;
    private final long end;
    private long position;
    private DatabaseStorage.Chunk chunk = new DatabaseStorage.Chunk(0, new byte[0]);

    ChunkStream(DatabaseStorage storage, String id, ByteRange range, long sizeBytes) {
        this.storage = storage;
        this.id = id;
        this.position = Math.min(range.offset(), sizeBytes);
        this.end = position + Math.min(range.length(), sizeBytes - position);
    }

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
        if (position == end) {
            return -1;
        }
        int from = placeInChunk();
        int count = (int) Math.min(Math.min(length, end - position), chunk.bytes.length - from);
        System.arraycopy(chunk.bytes, from, buffer, offset, count);
        position += count;
        return count;
    }

    private int placeInChunk() throws IOException {
        if (!chunk.holds(position)) {
            chunk = chunkAt(position);
        }
        return (int) (position - chunk.firstByte);
    }

    private DatabaseStorage.Chunk chunkAt(long at) throws IOException {
        DatabaseStorage.Chunk found;
        try {
            found = storage.chunk(id, at);
        } catch (SQLException e) {
            throw new IOException("read byte " + at + " of an object", e);
        }
        if (found == null || !found.holds(at)) {
            throw new EOFException("the object has gone, or lost its bytes from " + at + " on, while it was read");
        }
        return found;
    }
}

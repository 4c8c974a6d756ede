package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are put aside until they are wanted: a few on the heap, more in a temporary file that only this user can
 * read, and that is gone when the spool is closed, or with the process.
 */
final class Spool extends OutputStream {

    private static final int HEAP_BYTES = 64 * 1024;

    private final byte[] buffer = new byte[HEAP_BYTES];
    private int buffered;
    private long size;
    private @Nullable FileChannel file;

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int from = offset;
        for (int left = length; left > 0; ) {
            if (buffered == buffer.length) {
                spill();
            }
            int taken = Math.min(left, buffer.length - buffered);
            System.arraycopy(bytes, from, buffer, buffered, taken);
            buffered += taken;
            size += taken;
            from += taken;
            left -= taken;
        }
    }

    private void spill() throws IOException {
        FileChannel to = file;
        if (to == null) {
            Path path = Files.createTempFile("filestore-", ".spool");
            // Where the system can, the name goes at once, so that not even a kill leaves the file behind.
            to = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            file = to;
        }
        for (ByteBuffer rest = ByteBuffer.wrap(buffer, 0, buffered); rest.hasRemaining(); ) {
            to.write(rest);
        }
        buffered = 0;
    }

    /** How many bytes were put aside. */
    long size() {
        return size;
    }

    /** Gives all bytes, in their order. Nothing is put aside afterwards. */
    void copyTo(OutputStream out) throws IOException {
        FileChannel from = file;
        if (from != null) {
            from.position(0);
            InputStream spilled = Channels.newInputStream(from);
            spilled.transferTo(out);
        }
        out.write(buffer, 0, buffered);
    }

    @Override
    public void close() throws IOException {
        FileChannel spilled = file;
        if (spilled != null) {
            spilled.close();
        }
    }
}

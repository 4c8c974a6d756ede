package dev.filestore;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file as its row counts them: never fewer that pass for all, and never more. */
final class WholeStream extends FilterInputStream {

    private final String key;
    private final long length;
    private final Observers.Watch watch;
    private long left;

    WholeStream(InputStream in, String key, long length, Observers.Watch watch) {
        super(in);
        this.key = key;
        this.length = length;
        this.watch = watch;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return length == 0 ? 0 : -1;
        }
        int read;
        try {
            read = in.read(buffer, offset, (int) Math.min(length, left));
        } catch (IOException e) {
            throw brokenOff(e);
        }
        if (read < 0) {
            throw brokenOff(
                    new EOFException("open " + key + ": the object has " + left + " bytes less than its row says"));
        }
        left -= read;
        return read;
    }

    private IOException brokenOff(IOException e) {
        watch.bytes(length - left);
        watch.end(new StorageException("open " + key + ": the bytes broke off", e));
        return e;
    }

    /** A reader who has enough goes when it likes: that is no failure. */
    @Override
    public void close() throws IOException {
        watch.bytes(length - left);
        watch.end(null);
        super.close();
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(Math.min(count, left));
        left -= skipped;
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(in.available(), left);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

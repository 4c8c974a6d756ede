package dev.filestore.examples.benchmarks.harness;

import java.io.InputStream;
import java.util.Objects;

/** A document of any length that is never in memory; it does not tell its length. */
public final class PatternStream extends InputStream {

    private static final byte[] PATTERN = Payload.of(64 * 1024);

    private final long length;
    private long position;

    public PatternStream(long length) {
        this.length = length;
    }

    @Override
    public int read() {
        return position == length ? -1 : PATTERN[(int) (position++ % PATTERN.length)] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int wanted) {
        Objects.checkFromIndexSize(offset, wanted, buffer.length);
        if (position == length && wanted > 0) {
            return -1;
        }
        int from = (int) (position % PATTERN.length);
        int read = (int) Math.min(Math.min(wanted, PATTERN.length - from), length - position);
        System.arraycopy(PATTERN, from, buffer, offset, read);
        position += read;
        return read;
    }
}

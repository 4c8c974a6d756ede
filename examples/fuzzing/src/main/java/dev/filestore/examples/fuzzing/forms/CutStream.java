package dev.filestore.examples.fuzzing.forms;

import dev.filestore.examples.fuzzing.BrokenRule;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Bytes as a network hands them over: in pieces of other lengths than those that were sent, and not always all. */
public final class CutStream extends InputStream {

    private final byte[] bytes;
    private final int cuts;
    private final int end;
    private final boolean breaks;
    private int at;
    private boolean over;

    /** All of the bytes; {@code cuts} names the lengths of the pieces: 0 for one piece, 1 for single bytes. */
    public CutStream(byte[] bytes, int cuts) {
        this(bytes, cuts, bytes.length, false);
    }

    /** The bytes up to an end, at which the connection may break. */
    public CutStream(byte[] bytes, int cuts, int end, boolean breaks) {
        this.bytes = bytes;
        this.cuts = cuts;
        this.end = end;
        this.breaks = breaks;
    }

    /** How many bytes were taken. */
    public int taken() {
        return at;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        BrokenRule.unless(length > 0, "a read of no bytes goes on for ever");
        BrokenRule.unless(!over, "the stream is read on behind its end");
        if (at == end) {
            over = true;
            if (breaks) {
                throw new IOException("the connection broke");
            }
            return -1;
        }
        int piece = Math.min(Math.min(length, piece()), end - at);
        System.arraycopy(bytes, at, buffer, offset, piece);
        at += piece;
        return piece;
    }

    private int piece() {
        if (cuts == 0) {
            return Integer.MAX_VALUE;
        }
        // Small lengths of no order, the same for the same place.
        return cuts == 1 ? 1 : 1 + Math.floorMod(at * 31 + cuts * 17, cuts);
    }
}

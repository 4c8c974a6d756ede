package dev.filestore;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of an upload, with places at the start, in the middle and before the end where things happen. */
final class FaultSource extends InputStream {

    private final FaultProcess process;
    private final byte[] content;
    private final int middle;
    private int position;
    private int places;
    private boolean broken;

    /** @param first how many bytes are taken before the middle */
    FaultSource(FaultProcess process, byte[] content, int first) {
        this.process = process;
        this.content = content;
        this.middle = (content.length + first) / 2;
    }

    /** Ends in the middle, by an exception. */
    FaultSource breakingOff() {
        broken = true;
        return this;
    }

    @Override
    public int read() {
        throw new AssertionError("read in bulk");
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (places == 0 || (places == 1 && position == middle) || (places == 2 && position == content.length)) {
            places++;
            process.point(CallFault.SOURCE);
        }
        if (broken && position == middle) {
            throw new IOException("the client is gone");
        }
        if (position == content.length) {
            return -1;
        }
        int stop = position < middle ? middle : content.length;
        int read = Math.min(length, stop - position);
        System.arraycopy(content, position, buffer, offset, read);
        position += read;
        return read;
    }
}

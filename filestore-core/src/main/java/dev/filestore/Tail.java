package dev.filestore;

/** The last bytes of what passed, in constant memory. */
final class Tail {

    private final byte[] ring;
    private long count;

    Tail(int length) {
        this.ring = new byte[length];
    }

    void add(byte[] bytes, int offset, int length) {
        int skipped = Math.max(0, length - ring.length);
        count += skipped;
        int from = offset + skipped;
        int left = length - skipped;
        while (left > 0) {
            int place = (int) (count % ring.length);
            int part = Math.min(left, ring.length - place);
            System.arraycopy(bytes, from, ring, place, part);
            from += part;
            left -= part;
            count += part;
        }
    }

    /** A copy of the last bytes, as many as it keeps, or all where fewer passed. */
    byte[] bytes() {
        int length = (int) Math.min(count, ring.length);
        byte[] last = new byte[length];
        int start = (int) ((count - length) % ring.length);
        int part = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, last, 0, part);
        System.arraycopy(ring, 0, last, part, length - part);
        return last;
    }
}

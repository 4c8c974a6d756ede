package dev.filestore;

/**
 * What is in sight of a file: its first bytes, and once all of it has passed also its last ones. Places are those of the
 * file; {@link #index} tells where a place stands in {@link #bytes}.
 */
final class Sight {

    private final byte[] head;
    private final byte[] bytes;
    /** So many of the bytes are the start of the file; the rest is its end. */
    private final int front;

    private final long size;

    private Sight(byte[] head, byte[] bytes, int front, long size) {
        this.head = head;
        this.bytes = bytes;
        this.front = front;
        this.size = size;
    }

    /** The first bytes, and no more is known. */
    static Sight of(byte[] head) {
        return new Sight(head, head, head.length, Long.MAX_VALUE);
    }

    /** The first bytes and the last, which may overlap, of a file of a known size. */
    static Sight of(byte[] head, byte[] end, long size) {
        int front = head.length;
        int back = (int) Math.min(end.length, size - front);
        byte[] bytes = new byte[front + back];
        System.arraycopy(head, 0, bytes, 0, front);
        System.arraycopy(end, end.length - back, bytes, front, back);
        return new Sight(head, bytes, front + back == size ? (int) size : front, size);
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** The index of a place, or -1 where not all of so many bytes from there on are in sight. */
    int index(long place, long length) {
        if (place < 0 || length < 0 || length > bytes.length) {
            return -1;
        }
        if (place + length <= front) {
            return (int) place;
        }
        boolean inEnd = place >= endStart() && place + length <= size;
        return inEnd ? (int) (front + place - endStart()) : -1;
    }

    /** Whether the end of the file is in sight. */
    boolean hasEnd() {
        return size != Long.MAX_VALUE;
    }

    /** The first bytes alone. Not to be changed. */
    byte[] head() {
        return head;
    }

    /** The place of an index. */
    long place(int index) {
        return index < front ? index : endStart() + index - front;
    }

    /** The index of the first of the last bytes: 0 where the whole file is in sight. */
    int endIndex() {
        return front == size ? 0 : front;
    }

    private long endStart() {
        return size - (bytes.length - front);
    }
}

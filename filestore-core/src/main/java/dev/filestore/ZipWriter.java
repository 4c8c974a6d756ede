package dev.filestore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes a ZIP archive (PKWARE's APPNOTE 6.3) to a stream, entry by entry, in memory that does not grow with their
 * number: {@link java.util.zip.ZipOutputStream} keeps some 300 bytes of each until the end. Only {@link #finish} writes
 * the directory: what was not finished, no program takes for an archive.
 */
final class ZipWriter implements AutoCloseable {

    private static final int LOCAL = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END = 0x06054b50;

    /** Sizes and checksum come behind the bytes; names are in UTF-8. */
    private static final short FLAGS = 0x0808;

    private static final short DEFLATED = 8;
    private static final short VERSION = 20;
    private static final short VERSION_64 = 45;
    private static final short ZIP64_EXTRA = 1;

    /** What an entry of four bytes cannot say stands in the extra field of eight. */
    private static final long MAX_32 = 0xffffffffL;

    private static final int MAX_16 = 0xffff;

    /** How many bytes deflating may add to 4 GiB that cannot be compressed, with room to spare. */
    private static final long MOST_GROWTH = 16L << 20;

    private final OutputStream out;
    private final Spool directory = new Spool();
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 checksum = new CRC32();
    private final byte[] deflated = new byte[32 * 1024];
    private long written;
    private long entries;

    /** Starts an archive. */
    ZipWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes one entry. Of the instant, whole seconds are kept, in UTC.
     *
     * @param size how many bytes {@code content} writes at most
     * @param level how hard to compress, 0 not at all to 9
     */
    void entry(String name, Instant modifiedAt, long size, int level, Content content) throws IOException {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        boolean large = size > MAX_32 - MOST_GROWTH;
        int time = dosTime(modifiedAt);
        long start = written;
        ByteBuffer local = buffer(30 + utf8.length + (large ? 20 : 0));
        local.putInt(LOCAL)
                .putShort(large ? VERSION_64 : VERSION)
                .putShort(FLAGS)
                .putShort(DEFLATED)
                .putInt(time);
        local.putInt(0).putInt(large ? -1 : 0).putInt(large ? -1 : 0);
        local.putShort((short) utf8.length).putShort((short) (large ? 20 : 0)).put(utf8);
        if (large) {
            local.putShort(ZIP64_EXTRA).putShort((short) 16).putLong(0).putLong(0);
        }
        write(local);

        checksum.reset();
        deflater.reset();
        deflater.setLevel(level);
        content.writeTo(new Deflating());
        deflater.finish();
        while (!deflater.finished()) {
            deflate();
        }
        int crc = (int) checksum.getValue();
        long packed = deflater.getBytesWritten();
        long unpacked = deflater.getBytesRead();
        ByteBuffer descriptor = buffer(large ? 24 : 16).putInt(DESCRIPTOR).putInt(crc);
        if (large) {
            descriptor.putLong(packed).putLong(unpacked);
        } else {
            descriptor.putInt((int) packed).putInt((int) unpacked);
        }
        write(descriptor);
        list(utf8, time, crc, packed, unpacked, large, start);
    }

    /** Writes the bytes of an entry. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Keeps for the directory where the entry is. */
    private void list(byte[] name, int time, int crc, long packed, long unpacked, boolean large, long start)
            throws IOException {
        boolean far = start >= MAX_32;
        int extra = (large ? 16 : 0) + (far ? 8 : 0);
        int extraLength = extra == 0 ? 0 : 4 + extra;
        short version = extra == 0 ? VERSION : VERSION_64;
        ByteBuffer central = buffer(46 + name.length + extraLength);
        central.putInt(CENTRAL)
                .putShort(version)
                .putShort(version)
                .putShort(FLAGS)
                .putShort(DEFLATED)
                .putInt(time);
        central.putInt(crc).putInt(large ? -1 : (int) packed).putInt(large ? -1 : (int) unpacked);
        central.putShort((short) name.length).putShort((short) extraLength);
        // No comment, the first disk, no attributes.
        central.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        central.putInt(far ? -1 : (int) start).put(name);
        if (extra > 0) {
            central.putShort(ZIP64_EXTRA).putShort((short) extra);
        }
        if (large) {
            central.putLong(unpacked).putLong(packed);
        }
        if (far) {
            central.putLong(start);
        }
        directory.write(bytes(central));
        entries++;
    }

    /** Writes the directory, which makes it an archive, and flushes the stream. */
    void finish() throws IOException {
        long start = written;
        long directorySize = directory.size();
        directory.copyTo(out);
        if (entries >= MAX_16 || start >= MAX_32 || directorySize >= MAX_32) {
            ByteBuffer end = buffer(56 + 20)
                    .putInt(END_64)
                    .putLong(44)
                    .putShort(VERSION_64)
                    .putShort(VERSION_64);
            end.putInt(0)
                    .putInt(0)
                    .putLong(entries)
                    .putLong(entries)
                    .putLong(directorySize)
                    .putLong(start);
            write(end.putInt(LOCATOR_64)
                    .putInt(0)
                    .putLong(start + directorySize)
                    .putInt(1));
        }
        short count = (short) Math.min(entries, MAX_16);
        ByteBuffer end = buffer(22).putInt(END).putShort((short) 0).putShort((short) 0);
        end.putShort(count).putShort(count);
        write(end.putInt((int) Math.min(directorySize, MAX_32))
                .putInt((int) Math.min(start, MAX_32))
                .putShort((short) 0));
        out.flush();
    }

    /** Gives up what this writer itself holds; writes nothing, and leaves the stream open. */
    @Override
    public void close() throws IOException {
        deflater.end();
        directory.close();
    }

    private final class Deflating extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            checksum.update(bytes, offset, length);
            deflater.setInput(bytes, offset, length);
            // Right after a change of level it may give nothing although it has all of its input still to take.
            while (!deflater.needsInput()) {
                deflate();
            }
        }
    }

    private void deflate() throws IOException {
        int ready = deflater.deflate(deflated);
        out.write(deflated, 0, ready);
        written += ready;
    }

    private void write(ByteBuffer bytes) throws IOException {
        written += bytes.position();
        out.write(bytes(bytes));
    }

    /** What was put into the buffer. */
    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The date in the upper half, the time in the lower; from 1980 to 2107, in steps of two seconds. */
    private static int dosTime(Instant moment) {
        LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
        int year = Math.min(Math.max(time.getYear(), 1980), 2107) - 1980;
        int date = (year << 9) | (time.getMonthValue() << 5) | time.getDayOfMonth();
        return (date << 16) | (time.getHour() << 11) | (time.getMinute() << 5) | (time.getSecond() / 2);
    }
}

package dev.filestore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A ZIP archive that holds an Office document (ECMA-376), as far as its first bytes show it. Word and Excel write the
 * list of content types first; others write it last, and there {@link PackageDirectory} finds it.
 */
final class OfficePackage {

    /** What is kept in it. */
    enum Kind {
        WORD,
        EXCEL,
        /** A document of which nothing is in sight that tells. */
        UNKNOWN,
        OTHER
    }

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int DEFLATED = 8;
    private static final long IN_THE_EXTRA_FIELD = 0xffffffffL;
    private static final int LARGE_SIZES = 1;
    private static final Magic NEXT_ENTRY = Magic.at(0, "PK\u0003\u0004");
    private static final Magic CENTRAL_DIRECTORY = Magic.at(0, "PK\u0001\u0002");
    private static final Magic DESCRIPTOR = Magic.at(0, "PK\u0007\u0008");

    private final byte[] head;
    private final ByteBuffer fields;
    private final PackageParts parts;

    private OfficePackage(byte[] head, PackageParts parts) {
        this.head = head;
        this.parts = parts;
        this.fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    }

    static boolean isArchive(byte[] head) {
        return NEXT_ENTRY.test(head);
    }

    static Kind kind(Sight file) {
        return isArchive(file.bytes()) ? parts(file).kind() : Kind.OTHER;
    }

    /** Whether it is, or might be as long as its end is out of sight. */
    static boolean may(Sight file, Kind kind) {
        Kind found = kind(file);
        return found == kind || (found == Kind.UNKNOWN && !file.hasEnd());
    }

    /** What is in sight of an archive: at its end is what programs go by that open it. */
    static PackageParts parts(Sight file) {
        PackageParts parts = new PackageParts();
        if (!file.hasEnd() || !PackageDirectory.read(file, parts)) {
            new OfficePackage(file.head(), parts).readEntries();
        }
        return parts;
    }

    private void readEntries() {
        int place = 0;
        while (place >= 0 && place + LOCAL_HEADER_BYTES <= head.length && fields.getInt(place) == LOCAL_HEADER) {
            int nameBytes = fields.getShort(place + 26) & 0xffff;
            int extraBytes = fields.getShort(place + 28) & 0xffff;
            int nameEnd = place + LOCAL_HEADER_BYTES + nameBytes;
            if (nameEnd > head.length) {
                return;
            }
            String name = new String(head, place + LOCAL_HEADER_BYTES, nameBytes, StandardCharsets.UTF_8);
            parts.add(name);
            boolean wanted = name.equals(PackageParts.CONTENT_TYPES);
            if (wanted && parts.hasContentTypes()) {
                // A second list is no document's: programs differ in which they believe, and many would cost to read.
                parts.other("a ZIP archive with two lists of content types");
                return;
            }
            place = readContent(place, Math.min(nameEnd + extraBytes, head.length), wanted);
        }
        if (CENTRAL_DIRECTORY.isAt(head, place)) {
            parts.allInSight();
        }
    }

    /** Reads the content where it is wanted, and returns where the next entry starts; -1 where that is out of sight. */
    private int readContent(int header, int start, boolean wanted) {
        boolean encrypted = (fields.getShort(header + 6) & 1) != 0;
        boolean sizeFollows = (fields.getShort(header + 6) & 8) != 0;
        int method = fields.getShort(header + 8);
        long size = size(header, start);
        if (encrypted) {
            parts.other("an encrypted ZIP archive");
            return -1;
        }
        if (sizeFollows && size == 0) {
            return method == DEFLATED
                    ? afterDescriptor(parts.inflate(head, start, head.length, wanted))
                    : next(start, wanted);
        }
        int end = (int) Math.min(start + size, head.length);
        if (wanted && method == DEFLATED) {
            parts.inflate(head, start, end, true);
        } else if (wanted) {
            parts.contentTypes(head, start, end, end == start + size);
        }
        return start + size > head.length ? -1 : sizeFollows ? afterDescriptor(end) : end;
    }

    /** The size in front of the content, or in the extra field of archives that count in 64 bits (APPNOTE 4.5.3). */
    private long size(int header, int start) {
        long size = fields.getInt(header + 18) & 0xffffffffL;
        int place = header + LOCAL_HEADER_BYTES + (fields.getShort(header + 26) & 0xffff);
        while (size == IN_THE_EXTRA_FIELD && place + 20 <= start) {
            if (fields.getShort(place) == LARGE_SIZES) {
                // More than can be in sight is as much as any number: sums with it must not overflow.
                return Math.max(0, Math.min(fields.getLong(place + 12), Integer.MAX_VALUE));
            }
            place += 4 + (fields.getShort(place + 2) & 0xffff);
        }
        return size;
    }

    /** Stored bytes whose length comes behind them: they end before the next header that is in sight. */
    private int next(int start, boolean wanted) {
        int place = start;
        while (place < head.length && !startsRecord(place)) {
            place++;
        }
        if (wanted) {
            parts.contentTypes(head, start, place, place < head.length);
        }
        return place < head.length ? place : -1;
    }

    /** A descriptor has a signature or not, and sizes of four bytes or of eight: what follows it tells. */
    private int afterDescriptor(int place) {
        if (place < 0) {
            return -1;
        }
        int sizes = DESCRIPTOR.isAt(head, place) ? place + 8 : place + 4;
        int shorter = sizes + 8;
        return startsRecord(shorter) ? shorter : sizes + 16;
    }

    private boolean startsRecord(int place) {
        return NEXT_ENTRY.isAt(head, place) || CENTRAL_DIRECTORY.isAt(head, place);
    }
}

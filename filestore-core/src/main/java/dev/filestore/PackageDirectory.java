package dev.filestore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The directory at the end of a ZIP archive (PKWARE's APPNOTE, 4.3), which is what programs go by that open it, whatever
 * stands in front: it names every part, and leads to the list of content types.
 */
final class PackageDirectory {

    private static final int END_BYTES = 22;
    private static final Magic END = Magic.at(0, "PK\u0005\u0006");
    private static final int LARGE_LOCATOR_BYTES = 20;
    private static final Magic LARGE_LOCATOR = Magic.at(0, "PK\u0006\u0007");
    private static final int LARGE_END_BYTES = 56;
    private static final Magic LARGE_END = Magic.at(0, "PK\u0006\u0006");
    private static final int ENTRY_BYTES = 46;
    private static final Magic ENTRY = Magic.at(0, "PK\u0001\u0002");
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final Magic LOCAL_HEADER = Magic.at(0, "PK\u0003\u0004");
    private static final int DEFLATED = 8;
    private static final long IN_THE_LARGE_FIELD = 0xffffffffL;
    private static final int MOST_ENTRIES = 0xffff;

    /** More than any program writes for an entry. */
    private static final int LONGEST_ENTRY_BYTES = 512;

    private final Sight file;
    private final byte[] bytes;
    private final ByteBuffer fields;
    private final PackageParts parts;

    private PackageDirectory(Sight file, PackageParts parts) {
        this.file = file;
        this.parts = parts;
        this.bytes = file.bytes();
        this.fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Takes note of what the directory says. Returns whether that is all of it: it may start before what is in sight, as in
     * an archive of very many parts, and then only its last entries are noted.
     */
    static boolean read(Sight file, PackageParts parts) {
        return new PackageDirectory(file, parts).read();
    }

    /** Returns whether the directory is in sight; one that is wrong is. */
    private boolean read() {
        int end = lastEnd();
        int behind = end;
        if (end < 0) {
            return broken();
        }
        long size = unsigned(end + 12);
        long start = unsigned(end + 16);
        long entries = unsignedShort(end + 10);
        boolean located = LARGE_LOCATOR.isAt(bytes, end - LARGE_LOCATOR_BYTES);
        if (located || size == IN_THE_LARGE_FIELD || start == IN_THE_LARGE_FIELD || entries == MOST_ENTRIES) {
            behind = end - LARGE_LOCATOR_BYTES - LARGE_END_BYTES;
            // Some programs go by the locator, others by its place: it must lead here, and both records must say the
            // same.
            if (!located
                    || behind < file.endIndex()
                    || !LARGE_END.isAt(bytes, behind)
                    || fields.getLong(end - LARGE_LOCATOR_BYTES + 8) != file.place(behind)
                    || (size != IN_THE_LARGE_FIELD && size != fields.getLong(behind + 40))
                    || (start != IN_THE_LARGE_FIELD && start != fields.getLong(behind + 48))) {
                return broken();
            }
            entries = fields.getLong(behind + 32);
            size = fields.getLong(behind + 40);
            start = fields.getLong(behind + 48);
        }
        if (start < 0 || size < 0 || start > file.place(behind) || start + size != file.place(behind)) {
            parts.other("a ZIP archive with something else in front of it");
            return true;
        }
        int first = file.index(start, size);
        if (first >= 0) {
            readEntries(first, behind);
            return true;
        }
        if (entries < size / LONGEST_ENTRY_BYTES) {
            // A few entries with very long comments, which push the others out of sight.
            return broken();
        }
        readLastEntries(behind);
        return false;
    }

    private void readLastEntries(int end) {
        for (int first = file.endIndex(); first < end; first++) {
            int place = first;
            while (place < end && ENTRY.isAt(bytes, place) && place + ENTRY_BYTES <= end) {
                place = next(place);
            }
            if (place == end) {
                for (place = first; place < end; place = next(place)) {
                    add(place);
                }
                return;
            }
        }
    }

    private int next(int entry) {
        return entry + ENTRY_BYTES + unsignedShort(entry + 28) + unsignedShort(entry + 30) + unsignedShort(entry + 32);
    }

    /** Takes note of an entry whose name is in sight, and returns that name. */
    private String add(int entry) {
        String name = new String(bytes, entry + ENTRY_BYTES, unsignedShort(entry + 28), StandardCharsets.UTF_8);
        parts.add(name);
        if ((unsignedShort(entry + 8) & 1) != 0) {
            parts.other("an encrypted ZIP archive");
        }
        return name;
    }

    private boolean broken() {
        parts.other("a broken ZIP archive");
        return true;
    }

    /** The index of the record at the very end, or -1. Of two that could be meant, each program believes another. */
    private int lastEnd() {
        int last = -1;
        for (int i = bytes.length - END_BYTES; i >= file.endIndex(); i--) {
            if (bytes[i] == 'P' && END.isAt(bytes, i)) {
                int behind = i + END_BYTES + unsignedShort(i + 20);
                if (last < 0 && behind <= bytes.length) {
                    last = i;
                } else if (last >= 0 && behind == bytes.length) {
                    return -1;
                }
            }
        }
        return last;
    }

    private void readEntries(int first, int end) {
        boolean found = false;
        int place = first;
        while (place < end) {
            int nameBytes = ENTRY.isAt(bytes, place) && place + ENTRY_BYTES <= end ? unsignedShort(place + 28) : end;
            int nameEnd = place + ENTRY_BYTES + nameBytes;
            if (nameEnd > end) {
                broken();
                return;
            }
            if (add(place).equals(PackageParts.CONTENT_TYPES)) {
                if (found || !readContentTypes(place)) {
                    broken();
                    return;
                }
                found = true;
            }
            place = next(place);
        }
        if (place != end) {
            broken();
        } else if (!found) {
            parts.other("a ZIP archive");
        }
    }

    /** Reads the list where it is in sight, and returns whether it can be one. */
    private boolean readContentTypes(int entry) {
        int method = unsignedShort(entry + 10);
        long size = unsigned(entry + 20);
        long place = unsigned(entry + 42);
        int header = file.index(place, LOCAL_HEADER_BYTES);
        if (header < 0) {
            return true;
        }
        if (!LOCAL_HEADER.isAt(bytes, header)) {
            return false;
        }
        int front = LOCAL_HEADER_BYTES + unsignedShort(header + 26) + unsignedShort(header + 28);
        int content = file.index(place + front, size);
        if (content < 0) {
            return true;
        }
        int end = (int) (content + size);
        if (method == 0) {
            parts.contentTypes(bytes, content, end, true);
            return true;
        }
        return method == DEFLATED && parts.inflate(bytes, content, end, true) == end;
    }

    private int unsignedShort(int place) {
        return fields.getShort(place) & 0xffff;
    }

    private long unsigned(int place) {
        return fields.getInt(place) & 0xffffffffL;
    }
}

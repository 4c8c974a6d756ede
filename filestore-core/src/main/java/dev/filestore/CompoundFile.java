package dev.filestore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of the kind that old Office programs, installers and others keep their streams in (MS-CFB), as far as it is in
 * sight. Its directory names the streams and may stand anywhere; where it is out of sight, the streams that start within
 * sight tell.
 */
final class CompoundFile {

    /** What is kept in it, and what that is called in a message. */
    enum Kind {
        WORD("a Word document"),
        EXCEL("an Excel workbook"),
        PRESENTATION("a presentation"),
        PASSWORD("an Office document with a password"),
        INSTALLER("an installer"),
        MESSAGE("a saved mail"),
        OTHER("a compound file of another program");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private static final Magic SIGNATURE = Magic.at(0, "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1");
    private static final int HEADER_BYTES = 512;
    private static final int ENTRY_BYTES = 128;
    private static final int FAT_SECTORS_IN_HEADER = 109;
    private static final int END_OF_CHAIN = 0xfffffffa;

    /** MS-XLS 2.4.21: the record BOF of a workbook, of Excel 97 and of Excel 5. */
    private static final Magic WORKBOOK_8 = Magic.at(0, "\u0009\u0008\u0010\0\0\u0006\u0005\0");

    private static final Magic WORKBOOK_5 = Magic.at(0, "\u0009\u0008\u0008\0\0\u0005\u0005\0");
    /** MS-PPT 2.4.1: the header of a DocumentContainer. */
    private static final Magic PRESENTATION = Magic.at(0, "\u000f\0\u00e8\u0003");

    /** The class identifiers that Office writes at the root: {@code 000xxxxx-0000-0000-C000-000000000046}. */
    private static final Magic OFFICE_CLASS = Magic.at(4, "\0\0\0\0\u00c0\0\0\0\0\0\0F");

    private final Sight sight;
    private final byte[] bytes;
    private final ByteBuffer fields;
    private final int sectorShift;

    private CompoundFile(Sight sight, int sectorShift) {
        this.sight = sight;
        this.bytes = sight.bytes();
        this.fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.sectorShift = sectorShift;
    }

    /** Whether it is, or might be: one of which nothing is in sight that tells is what its name says. */
    static boolean may(Sight sight, Kind kind) {
        return kinds(sight).contains(kind);
    }

    /** What it is; all that it might be where that is out of sight. */
    static Set<Kind> kinds(Sight sight) {
        byte[] start = sight.bytes();
        if (!isCompound(start) || start.length < HEADER_BYTES) {
            return Set.of(Kind.OTHER);
        }
        int version = start[26];
        int sectorShift = start[30];
        boolean office = version == 3 && sectorShift == 9;
        boolean large = version == 4 && sectorShift == 12;
        if (!office && !large) {
            return Set.of(Kind.OTHER);
        }
        CompoundFile file = new CompoundFile(sight, sectorShift);
        Kind byDirectory = file.byDirectory();
        if (byDirectory != null) {
            return Set.of(byDirectory);
        }
        Set<Kind> started = file.byStreams();
        if (!started.isEmpty()) {
            return started;
        }
        // No Office program writes the large form: an installer does.
        return office ? EnumSet.allOf(Kind.class) : Set.of(Kind.INSTALLER);
    }

    static boolean isCompound(byte[] head) {
        return SIGNATURE.test(head);
    }

    /** What the directory says; null where it, or what would decide, is out of sight. */
    private @Nullable Kind byDirectory() {
        List<Integer> sectors = directorySectors();
        int root = entry(sectors, 0);
        if (root < 0) {
            return null;
        }
        Kind byClass = byClass(root + 80);
        if (byClass != null) {
            return byClass;
        }
        boolean wholeInSight = true;
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        Deque<Integer> open = new ArrayDeque<>();
        push(open, root + 76);
        // A tree has no more entries than there is room for; more steps are a loop.
        for (int steps = bytes.length / ENTRY_BYTES; !open.isEmpty() && steps > 0; steps--) {
            int entry = entry(sectors, open.pop());
            if (entry < 0) {
                wholeInSight = false;
                continue;
            }
            Kind kind = byName(entry);
            if (kind != null) {
                found.add(kind);
            }
            push(open, entry + 68);
            push(open, entry + 72);
        }
        if (found.size() == 1) {
            return found.iterator().next();
        }
        return found.isEmpty() && !wholeInSight ? null : Kind.OTHER;
    }

    /** Where there is an entry, and not -1 for none. */
    private void push(Deque<Integer> open, int place) {
        int id = fields.getInt(place);
        if (id != -1) {
            open.push(id);
        }
    }

    private @Nullable Kind byClass(int place) {
        if (!OFFICE_CLASS.isAt(bytes, place + 4)) {
            return null;
        }
        return switch (fields.getInt(place)) {
            case 0x00020906, 0x00020900 -> Kind.WORD;
            case 0x00020810, 0x00020820 -> Kind.EXCEL;
            case 0x000c1084, 0x000c1086, 0x000c1082 -> Kind.INSTALLER;
            default -> null;
        };
    }

    private @Nullable Kind byName(int entry) {
        int nameBytes = fields.getShort(entry + 64);
        if (nameBytes < 4 || nameBytes > 64) {
            return null;
        }
        String name = new String(bytes, entry, nameBytes - 2, StandardCharsets.UTF_16LE);
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "worddocument" -> Kind.WORD;
            case "workbook", "book" -> Kind.EXCEL;
            case "powerpoint document" -> Kind.PRESENTATION;
            case "encryptedpackage" -> Kind.PASSWORD;
            case "__properties_version1.0" -> Kind.MESSAGE;
            case "visiodocument" -> Kind.OTHER;
            default -> null;
        };
    }

    /** The sectors of the directory from the first on, as far as the table that chains them is in sight. */
    private List<Integer> directorySectors() {
        List<Integer> sectors = new ArrayList<>();
        int sector = fields.getInt(48);
        int most = bytes.length >> sectorShift;
        while (sector >= 0 && sectors.size() <= most) {
            sectors.add(sector);
            sector = nextSector(sector);
        }
        return sectors;
    }

    private int nextSector(int sector) {
        int perTable = 1 << (sectorShift - 2);
        int table = sector / perTable;
        if (table >= FAT_SECTORS_IN_HEADER) {
            return END_OF_CHAIN;
        }
        int place = place(fields.getInt(76 + 4 * table));
        return place < 0 ? END_OF_CHAIN : fields.getInt(place + 4 * (sector % perTable));
    }

    /** Where an entry of the directory stands, or -1 where it is out of sight. */
    private int entry(List<Integer> sectors, int id) {
        int perSector = (1 << sectorShift) / ENTRY_BYTES;
        if (id < 0 || id / perSector >= sectors.size()) {
            return -1;
        }
        int place = place(sectors.get(id / perSector));
        return place < 0 ? -1 : place + ENTRY_BYTES * (id % perSector);
    }

    /** Where a sector starts, or -1 where it is not wholly in sight. */
    private int place(int sector) {
        return sector < 0 ? -1 : sight.index((sector + 1L) << sectorShift, 1L << sectorShift);
    }

    /** What starts at the start of a sector in sight. Documents hold other documents, so it may be several. */
    private Set<Kind> byStreams() {
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        for (int place = 1 << sectorShift; sight.index(place, 8) == place; place += 1 << sectorShift) {
            if (isWordDocument(place)) {
                found.add(Kind.WORD);
            } else if (WORKBOOK_8.isAt(bytes, place) || WORKBOOK_5.isAt(bytes, place)) {
                found.add(Kind.EXCEL);
            } else if (PRESENTATION.isAt(bytes, place)) {
                found.add(Kind.PRESENTATION);
            }
        }
        return found;
    }

    /** MS-DOC 2.5.2: the identifier of a file information block, of Word 97 and of Word 6, and a version of its time. */
    private boolean isWordDocument(int place) {
        int identifier = fields.getShort(place) & 0xffff;
        int version = fields.getShort(place + 2) & 0xffff;
        return (identifier == 0xa5ec || identifier == 0xa5dc) && version >= 0x65 && version <= 0x112;
    }
}

package dev.filestore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A ZIP archive that holds an Office document (ECMA-376), as far as its first bytes show it. The list of content types
 * decides where it is among them, as Word and Excel write it; others write it last, and there the names of the parts
 * decide.
 */
final class OfficePackage {

    /** What is kept in it. */
    enum Kind {
        WORD,
        EXCEL,
        OTHER
    }

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int DEFLATED = 8;
    private static final Magic NEXT_ENTRY = Magic.at(0, "PK\u0003\u0004");
    private static final Magic CENTRAL_DIRECTORY = Magic.at(0, "PK\u0001\u0002");
    private static final Magic DESCRIPTOR = Magic.at(0, "PK\u0007\u0008");

    private static final String CONTENT_TYPES = "[Content_Types].xml";
    private static final String WORD_MAIN =
            "\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"";
    private static final String EXCEL_MAIN =
            "\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"";

    /** Some kilobytes of a deflated entry can stand for megabytes; a list of content types has some kilobytes. */
    private static final int LONGEST_CONTENT = 128 * 1024;

    private final byte[] head;
    private final ByteBuffer fields;
    private boolean word;
    private boolean excel;
    private boolean other;
    private String contentTypes = "";
    private boolean contentTypesWhole;
    private boolean allInSight;

    private OfficePackage(byte[] head) {
        this.head = head;
        this.fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Kind kind(byte[] head) {
        if (!NEXT_ENTRY.test(head)) {
            return Kind.OTHER;
        }
        OfficePackage file = new OfficePackage(head);
        file.readEntries();
        return file.decide();
    }

    private Kind decide() {
        boolean wordMain = contentTypes.contains(WORD_MAIN);
        boolean excelMain = contentTypes.contains(EXCEL_MAIN);
        // Whole and of neither main type: a template, a document with macros, a presentation, no document at all.
        boolean otherMain = (contentTypesWhole || allInSight) && !wordMain && !excelMain;
        boolean macros = contentTypes.contains("vbaProject") || contentTypes.contains("macroEnabled");
        if (other || otherMain || macros) {
            return Kind.OTHER;
        }
        boolean isWord = word || wordMain;
        boolean isExcel = excel || excelMain;
        if (isWord == isExcel) {
            return Kind.OTHER;
        }
        return isWord ? Kind.WORD : Kind.EXCEL;
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
            look(name);
            boolean wanted = name.equals(CONTENT_TYPES);
            if (wanted && !contentTypes.isEmpty()) {
                // A second list is no document's: programs differ in which they believe, and many would cost to read.
                other = true;
                return;
            }
            place = readContent(place, Math.min(nameEnd + extraBytes, head.length), wanted);
            contentTypesWhole |= wanted && place >= 0;
        }
        allInSight = CENTRAL_DIRECTORY.isAt(head, place);
    }

    private void look(String name) {
        boolean part = name.endsWith(".xml") || name.endsWith(".rels");
        if (name.endsWith("/vbaProject.bin")
                || name.startsWith("ppt/")
                || name.equals("xl/workbook.bin")
                || name.equals("mimetype")
                || name.equals("META-INF/MANIFEST.MF")
                || name.equals("AndroidManifest.xml")) {
            other = true;
        } else if (part && name.startsWith("word/")) {
            word = true;
        } else if (part && name.startsWith("xl/")) {
            excel = true;
        }
    }

    /** Reads the content where it is wanted, and returns where the next entry starts; -1 where that is out of sight. */
    private int readContent(int header, int start, boolean wanted) {
        boolean encrypted = (fields.getShort(header + 6) & 1) != 0;
        boolean sizeFollows = (fields.getShort(header + 6) & 8) != 0;
        int method = fields.getShort(header + 8);
        long size = fields.getInt(header + 18) & 0xffffffffL;
        if (encrypted) {
            other = true;
            return -1;
        }
        if (sizeFollows && size == 0) {
            return method == DEFLATED ? afterDescriptor(inflate(start, head.length, wanted)) : next(start, wanted);
        }
        int end = (int) Math.min(start + size, head.length);
        if (wanted && method == DEFLATED) {
            inflate(start, end, true);
        } else if (wanted) {
            keep(start, end);
        }
        return start + size > head.length ? -1 : sizeFollows ? afterDescriptor(end) : end;
    }

    /** Returns where the deflated bytes end, or -1 where they do not end within sight. */
    private int inflate(int start, int end, boolean wanted) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(head, start, end - start);
            byte[] buffer = new byte[4096];
            StringBuilder text = new StringBuilder();
            int total = 0;
            for (int read = inflater.inflate(buffer); read > 0; read = inflater.inflate(buffer)) {
                total += read;
                if (total > LONGEST_CONTENT) {
                    return -1;
                }
                if (wanted) {
                    text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
            }
            if (wanted) {
                contentTypes += text;
            }
            return inflater.finished() ? start + (int) inflater.getBytesRead() : -1;
        } catch (DataFormatException e) {
            return -1;
        } finally {
            inflater.end();
        }
    }

    private void keep(int start, int end) {
        contentTypes += new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Stored bytes whose length comes behind them: they end before the next header that is in sight. */
    private int next(int start, boolean wanted) {
        int place = start;
        while (place < head.length && !startsRecord(place)) {
            place++;
        }
        if (wanted) {
            keep(start, place);
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

package dev.filestore;

import java.util.List;
import java.util.function.Predicate;

/** The twelve standard types: their extensions, the marks of their bytes, and the other names they are declared by. */
final class Signatures {

    private static final String DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static final Magic START_OF_IMAGE = Magic.at(0, "\u00ff\u00d8\u00ff");
    /** W3C PNG, 5.2 and 11.2.1: the signature, then the chunk IHDR of 13 bytes. */
    private static final Magic PNG = Magic.at(0, "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR");

    private static final Magic GIF87 = Magic.at(0, "GIF87a");
    private static final Magic GIF89 = Magic.at(0, "GIF89a");
    private static final Magic RIFF = Magic.at(0, "RIFF");
    /** RFC 9649: the first chunk is one of VP8 (lossy), VP8L and VP8X. */
    private static final Magic WEBP = Magic.at(8, "WEBPVP8");

    private static final Magic AVI = Magic.at(8, "AVI LIST");
    private static final Magic AVI_HEADERS = Magic.at(20, "hdrl");
    private static final Magic PDF = Magic.at(0, "%PDF-");
    private static final Magic BYTE_ORDER_MARK = Magic.at(0, "\u00ef\u00bb\u00bf");

    /** Readers look for the header of a PDF in so many bytes (ISO 32000-1 Annex H, note 13). */
    private static final int PDF_LEADING_BYTES = 1024;

    private Signatures() {}

    static void standard(AllowedTypes.Builder types) {
        types.allow("image/jpeg", Category.IMAGE, List.of("jpg", "jpeg", "jpe", "jfif"), Signatures::isJpeg);
        types.allow("image/png", Category.IMAGE, List.of("png"), PNG);
        types.allow("image/webp", Category.IMAGE, List.of("webp"), RIFF.and(WEBP));
        types.allow("image/gif", Category.IMAGE, List.of("gif"), GIF87.or(GIF89));
        types.allow("video/mp4", Category.VIDEO, List.of("mp4", "m4v"), IsoMedia::isMp4);
        types.allow("video/quicktime", Category.VIDEO, List.of("mov", "qt"), IsoMedia::isQuickTime);
        types.allow(
                "video/x-msvideo", Category.VIDEO, List.of("avi"), RIFF.and(AVI).and(AVI_HEADERS));
        types.allow("application/pdf", Category.DOCUMENT, List.of("pdf"), Signatures::isPdf);
        types.allowWhole("application/msword", Category.DOCUMENT, List.of("doc"), is(CompoundFile.Kind.WORD));
        types.allowWhole(DOCX, Category.DOCUMENT, List.of("docx"), is(OfficePackage.Kind.WORD));
        types.allowWhole("application/vnd.ms-excel", Category.DOCUMENT, List.of("xls"), is(CompoundFile.Kind.EXCEL));
        types.allowWhole(XLSX, Category.DOCUMENT, List.of("xlsx"), is(OfficePackage.Kind.EXCEL));
        aliases(types);
    }

    /** Each of these is sent by programs that people use; docs/types.md says by which. */
    private static void aliases(AllowedTypes.Builder types) {
        types.alias("image/jpg", "image/jpeg");
        types.alias("image/pjpeg", "image/jpeg");
        types.alias("image/x-png", "image/png");
        types.alias("video/x-m4v", "video/mp4");
        types.alias("application/mp4", "video/mp4");
        types.alias("video/avi", "video/x-msvideo");
        types.alias("video/msvideo", "video/x-msvideo");
        types.alias("video/vnd.avi", "video/x-msvideo");
        types.alias("application/x-pdf", "application/pdf");
        types.alias("application/vnd.ms-word", "application/msword");
        types.alias("application/x-msword", "application/msword");
        types.alias("application/msexcel", "application/vnd.ms-excel");
        types.alias("application/x-msexcel", "application/vnd.ms-excel");
        // The container says less than the name, and nothing wrong.
        types.alias("application/x-ole-storage", "application/msword");
        types.alias("application/x-ole-storage", "application/vnd.ms-excel");
        types.alias("application/zip", DOCX);
        types.alias("application/zip", XLSX);
        types.alias("application/x-zip-compressed", DOCX);
        types.alias("application/x-zip-compressed", XLSX);
    }

    /** ITU-T T.81, table B.1: a start of image, then a marker that may follow it. */
    private static boolean isJpeg(byte[] head) {
        if (head.length < 4 || !START_OF_IMAGE.test(head)) {
            return false;
        }
        int marker = head[3] & 0xff;
        boolean frameOrTable = marker >= 0xc0 && marker <= 0xcf;
        boolean application = marker >= 0xe0 && marker <= 0xef;
        boolean quantisation = marker == 0xdb || marker == 0xdd;
        boolean comment = marker == 0xfe;
        boolean fill = marker == 0xff;
        return frameOrTable || application || quantisation || comment || fill;
    }

    /**
     * The header stands first. Readers find it behind any kilobyte of something else, which is how a file is two things
     * at once: only white space and a byte order mark, which careless generators write, may come before.
     */
    private static boolean isPdf(byte[] head) {
        int place = BYTE_ORDER_MARK.test(head) ? 3 : 0;
        while (place < head.length && place < PDF_LEADING_BYTES && isWhiteSpace(head[place])) {
            place++;
        }
        return PDF.isAt(head, place)
                && place + 6 < head.length
                && Character.isDigit(head[place + 5])
                && head[place + 6] == '.';
    }

    private static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static Predicate<Sight> is(CompoundFile.Kind kind) {
        return file -> CompoundFile.may(file, kind);
    }

    private static Predicate<Sight> is(OfficePackage.Kind kind) {
        return file -> OfficePackage.may(file, kind);
    }
}

package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The marks by which the bytes of the twelve standard types are known. */
final class Signatures {

    private Signatures() {}

    static void standard(AllowedTypes.Builder types) {
        types.allow(
                "image/jpeg",
                Category.IMAGE,
                List.of("jpg", "jpeg", "jpe", "jfif"),
                h -> starts(h, 0, "\u00ff\u00d8\u00ff"));
        types.allow("image/png", Category.IMAGE, List.of("png"), h -> starts(h, 0, "\u0089PNG\r\n\u001a\n"));
        types.allow("image/webp", Category.IMAGE, List.of("webp"), h -> starts(h, 0, "RIFF") && starts(h, 8, "WEBP"));
        types.allow("image/gif", Category.IMAGE, List.of("gif"), h -> starts(h, 0, "GIF87a") || starts(h, 0, "GIF89a"));
        types.allow(
                "video/mp4", Category.VIDEO, List.of("mp4", "m4v"), h -> starts(h, 4, "ftyp") && !starts(h, 8, "qt  "));
        types.allow(
                "video/quicktime",
                Category.VIDEO,
                List.of("mov", "qt"),
                h -> starts(h, 4, "ftypqt  ") || starts(h, 4, "moov"));
        types.allow(
                "video/x-msvideo", Category.VIDEO, List.of("avi"), h -> starts(h, 0, "RIFF") && starts(h, 8, "AVI "));
        types.allow("application/pdf", Category.DOCUMENT, List.of("pdf"), h -> starts(h, 0, "%PDF-"));
        types.allow(
                "application/msword", Category.DOCUMENT, List.of("doc"), h -> starts(h, 0, "\u00d0\u00cf\u0011\u00e0"));
        types.allow(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                Category.DOCUMENT,
                List.of("docx"),
                h -> starts(h, 0, "PK"));
        types.allow(
                "application/vnd.ms-excel",
                Category.DOCUMENT,
                List.of("xls"),
                h -> starts(h, 0, "\u00d0\u00cf\u0011\u00e0"));
        types.allow(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                Category.DOCUMENT,
                List.of("xlsx"),
                h -> starts(h, 0, "PK"));
    }

    /** Whether the bytes at an offset are these, each character standing for one byte. */
    static boolean starts(byte[] head, int offset, String bytes) {
        byte[] wanted = bytes.getBytes(StandardCharsets.ISO_8859_1);
        return head.length >= offset + wanted.length
                && java.util.Arrays.equals(head, offset, offset + wanted.length, wanted, 0, wanted.length);
    }
}

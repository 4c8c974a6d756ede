package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Films in boxes, which QuickTime calls atoms: each has a size of four bytes, a name of four characters, and a content.
 * See ISO/IEC 14496-12 section 4.3 (ftyp), mp4ra.org (brands) and Apple's QuickTime File Format.
 */
final class IsoMedia {

    /** Brands of films that players of MP4 play, 3GP of phones among them, which is the same under another brand. */
    private static final Set<String> MP4 = Set.of(
            "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1", "hvc1",
            "M4V ", "M4VH", "M4VP", "f4v ", "dash", "cmfc", "mmp4", "MSNV", "XAVC", "3gp4", "3gp5", "3gp6", "3gp7",
            "3gp9", "3gg6", "3g2a");

    /** First brands of what else is kept in such boxes (pictures, sound), and may list an MP4 brand behind its own. */
    private static final Set<String> OTHER = Set.of(
            "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis", "jp2 ", "jpx ", "crx ",
            "M4A ", "M4B ", "M4P ", "F4A ", "F4B ", "aax ", "caqv");

    private static final String QUICKTIME = "qt  ";
    private static final Magic FILE_TYPE = Magic.at(4, "ftyp");
    /** Two dozen brands are many; a size beyond this is text in which the name happens to stand. */
    private static final int LONGEST_FILE_TYPE = 1024;

    private static final Magic MOVIE = Magic.at(4, "moov");
    private static final Magic MEDIA = Magic.at(4, "mdat");
    /** What may be the first atom inside a movie. */
    private static final Set<String> IN_MOVIE = Set.of("mvhd", "cmov", "rmra", "udta", "prfl", "iods", "trak", "free");

    private static final Set<String> PADDING = Set.of("wide", "free", "skip");
    private static final Set<String> BEHIND_PADDING = Set.of("moov", "mdat", "wide", "free", "skip", "pnot");

    private IsoMedia() {}

    static boolean isMp4(byte[] head) {
        if (!hasFileType(head)) {
            return false;
        }
        String major = name(head, 8);
        return !major.equals(QUICKTIME) && !OTHER.contains(major) && (MP4.contains(major) || compatible(head, MP4));
    }

    static boolean isQuickTime(byte[] head) {
        if (FILE_TYPE.test(head)) {
            return hasFileType(head)
                    && !OTHER.contains(name(head, 8))
                    && (name(head, 8).equals(QUICKTIME) || compatible(head, Set.of(QUICKTIME)));
        }
        return isFilmWithoutFileType(head);
    }

    /** The first brand, of any file that names one. */
    static Optional<String> brand(byte[] head) {
        return hasFileType(head) ? Optional.of(name(head, 8)) : Optional.empty();
    }

    /** Films from before 2003, and of some cameras, start with the movie, the media, or padding in front of them. */
    private static boolean isFilmWithoutFileType(byte[] head) {
        if (head.length < 16 || isText(head)) {
            return false;
        }
        long size = size(head, 0);
        if (MOVIE.test(head)) {
            return size > 16 && IN_MOVIE.contains(name(head, 12));
        }
        if (MEDIA.test(head)) {
            // 0: to the end of the file; 1: the size follows in eight bytes.
            return size <= 1 || size >= 8;
        }
        return PADDING.contains(name(head, 4))
                && size >= 8
                && size <= head.length - 8
                && BEHIND_PADDING.contains(name(head, (int) size + 4));
    }

    /** A size whose bytes are all characters: {@code <!--moov} is not a film. */
    private static boolean isText(byte[] head) {
        for (int i = 0; i < 4; i++) {
            boolean character = (head[i] >= 0x20 && head[i] < 0x7f) || (head[i] >= 0x09 && head[i] <= 0x0d);
            if (!character) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasFileType(byte[] head) {
        if (!FILE_TYPE.test(head)) {
            return false;
        }
        long size = size(head, 0);
        return size >= 16 && size <= LONGEST_FILE_TYPE && size <= head.length;
    }

    private static boolean compatible(byte[] head, Set<String> brands) {
        int end = (int) size(head, 0);
        for (int place = 16; place + 4 <= end; place += 4) {
            if (brands.contains(name(head, place))) {
                return true;
            }
        }
        return false;
    }

    private static long size(byte[] head, int place) {
        return (head[place] & 0xffL) << 24
                | (head[place + 1] & 0xff) << 16
                | (head[place + 2] & 0xff) << 8
                | (head[place + 3] & 0xff);
    }

    private static String name(byte[] head, int place) {
        return new String(head, place, 4, StandardCharsets.ISO_8859_1);
    }
}

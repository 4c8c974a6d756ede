package dev.filestore;

import java.util.Objects;

/**
 * The header fields under which a file is handed to a browser, by whoever does it: a servlet, or a storage that speaks HTTP
 * when the object is read past us. A storage that does not, ignores them.
 *
 * @param contentType the media type
 * @param contentDisposition the value for {@code Content-Disposition}, pure ASCII: what the browser does, and the name in ASCII
 *     and, where that loses, in UTF-8 (RFC 6266, RFC 8187)
 */
public record ObjectHeaders(String contentType, String contentDisposition) {

    /** Checks that nothing is missing. */
    public ObjectHeaders {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(contentDisposition, "contentDisposition");
    }

    /**
     * What the browser does.
     *
     * @return {@link Disposition#INLINE} only where the field says just that
     */
    public Disposition disposition() {
        String word = Disposition.INLINE.word();
        return contentDisposition.equals(word) || contentDisposition.startsWith(word + ";")
                ? Disposition.INLINE
                : Disposition.ATTACHMENT;
    }
}

package dev.filestore;

import java.util.Objects;

/**
 * The header fields under which a storage that speaks HTTP hands the object out when it is read past us. A storage that
 * does not, ignores them.
 *
 * @param contentType the media type
 * @param contentDisposition the value for {@code Content-Disposition}, pure ASCII
 */
public record ObjectHeaders(String contentType, String contentDisposition) {

    /** Checks that nothing is missing. */
    public ObjectHeaders {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(contentDisposition, "contentDisposition");
    }
}

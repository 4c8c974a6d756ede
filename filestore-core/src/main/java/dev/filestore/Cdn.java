package dev.filestore;

import java.net.URI;

/** A content delivery network in front of the storage. Thread-safe. */
@FunctionalInterface
public interface Cdn {

    /**
     * The address of an object at the CDN.
     *
     * @param key the name of the object
     * @return an absolute address, percent-encoded
     */
    URI urlOf(String key);
}

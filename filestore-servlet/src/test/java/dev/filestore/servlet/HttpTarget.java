package dev.filestore.servlet;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A running server whose HTTP contract is looked at, with the standard types, limits and rate limits. */
public interface HttpTarget {

    /** Where the servlet answers, such as {@code http://127.0.0.1:8000/api/files}. */
    URI base();

    /** A token of an ordinary user. */
    String token(String userId);

    /** A token of an ordinary user that was good until a minute ago. */
    String expiredToken(String userId);

    /** A token of an admin. */
    String adminToken(String userId);

    /** The {@code url} that a new file must have; null where its storage has none. */
    @Nullable
    String urlOf(long id, String key);

    /** The {@code cdn_url} that a new file must have; null where there is no CDN. */
    @Nullable
    String cdnUrlOf(String key);

    /** Does something while every call of the storage fails. */
    void whileStorageFails(Runnable act);
}

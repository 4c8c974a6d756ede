package dev.filestore.servlet;

/**
 * Whether the bytes of a file are sent by this server, or by whoever a signed address leads to: the storage or a CDN. A
 * client says what it wants by the parameter {@code redirect=true} or {@code redirect=false}; where it has no choice, as
 * with a store that signs no addresses, the parameter changes nothing.
 */
public enum Redirects {
    /** This server sends them. */
    NEVER,
    /** This server sends them, unless the client asks for an address. */
    IF_ASKED,
    /** The client is sent to an address, unless it asks for the bytes. */
    UNLESS_DECLINED,
    /** The client is sent to an address. */
    ALWAYS
}

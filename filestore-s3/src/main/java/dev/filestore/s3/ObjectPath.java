package dev.filestore.s3;

import java.nio.charset.StandardCharsets;

/** The key of an object as the path of an address. */
final class ObjectPath {

    private static final String HEX = "0123456789ABCDEF";

    private ObjectPath() {}

    /**
     * Encodes each segment: all but the unreserved characters of RFC 3986, in UTF-8. It is also the form that AWS
     * Signature Version 4 takes as the canonical path for S3.
     */
    static String encode(String key) {
        StringBuilder path = new StringBuilder(key.length() + 16);
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c == '/' || isUnreserved(c)) {
                path.append(c);
            } else {
                path.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            }
        }
        return path.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}

package dev.filestore.servlet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The digests of some bytes as their sender announced them (RFC 9530), to be held against the bytes that came. Other
 * algorithms than SHA-256 and SHA-512 are passed over, as the RFC says. Immutable.
 */
final class Digests {

    static final String CONTENT = "Content-Digest";
    static final String REPRESENTATION = "Repr-Digest";

    private enum Algorithm {
        SHA_256("sha-256", "SHA-256", 32),
        SHA_512("sha-512", "SHA-512", 64);

        final String field;
        final String platform;
        final int bytes;

        Algorithm(String field, String platform, int bytes) {
            this.field = field;
            this.platform = platform;
            this.bytes = bytes;
        }
    }

    private final Map<Algorithm, byte[]> announced;

    private Digests(Map<Algorithm, byte[]> announced) {
        this.announced = announced;
    }

    /**
     * What the two fields announce; without a content coding both speak of the same bytes.
     *
     * @param whose stands in front of the fields' names in messages
     * @param content the value of {@code Content-Digest}, if there is one
     * @param representation the value of {@code Repr-Digest}, if there is one
     */
    static Digests of(String whose, @Nullable String content, @Nullable String representation)
            throws MalformedBodyException {
        Map<Algorithm, byte[]> announced = new EnumMap<>(Algorithm.class);
        add(announced, whose + " " + CONTENT, content);
        add(announced, whose + " " + REPRESENTATION, representation);
        return new Digests(announced);
    }

    private static void add(Map<Algorithm, byte[]> announced, String name, @Nullable String value)
            throws MalformedBodyException {
        if (value == null) {
            return;
        }
        Map<String, byte[]> digests = DigestField.parse(name, value);
        for (Algorithm algorithm : Algorithm.values()) {
            byte[] digest = digests.get(algorithm.field);
            if (digest == null) {
                continue;
            }
            if (digest.length != algorithm.bytes) {
                throw new MalformedBodyException(name + " has a " + algorithm.field + " of " + digest.length
                        + " bytes, which has " + algorithm.bytes);
            }
            byte[] other = announced.put(algorithm, digest);
            if (other != null && !Arrays.equals(other, digest)) {
                throw new MalformedBodyException(name + " has another " + algorithm.field + " than " + CONTENT);
            }
        }
    }

    /** The SHA-256 in hexadecimal digits, if it was announced. */
    @Nullable
    String sha256() {
        byte[] digest = announced.get(Algorithm.SHA_256);
        return digest == null ? null : HexFormat.of().formatHex(digest);
    }

    /** The same without the SHA-256, which somebody else compares. */
    Digests withoutSha256() {
        Map<Algorithm, byte[]> others = new EnumMap<>(announced);
        others.remove(Algorithm.SHA_256);
        return new Digests(others);
    }

    /** A field value that announces a SHA-256. */
    static String field(String sha256) {
        return Algorithm.SHA_256.field + "=" + bytes(HexFormat.of().parseHex(sha256));
    }

    private static String bytes(byte[] digest) {
        return ":" + Base64.getEncoder().encodeToString(digest) + ":";
    }

    /** Starts to compare; costs nothing where nothing was announced. */
    Comparison compare() {
        return new Comparison();
    }

    /** Takes the bytes as they come. */
    final class Comparison {

        private final Map<Algorithm, MessageDigest> running = new EnumMap<>(Algorithm.class);

        private Comparison() {
            try {
                for (Algorithm algorithm : announced.keySet()) {
                    running.put(algorithm, MessageDigest.getInstance(algorithm.platform));
                }
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-2", e);
            }
        }

        void update(byte[] buffer, int offset, int length) {
            running.values().forEach(digest -> digest.update(buffer, offset, length));
        }

        /** A stream whose bytes are taken as they are read, in bulk. */
        InputStream of(InputStream in) {
            return new FilterInputStream(in) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int read = in.read(buffer, offset, length);
                    if (read > 0) {
                        update(buffer, offset, read);
                    }
                    return read;
                }
            };
        }

        /**
         * Says when all bytes have come.
         *
         * @param what the bytes, for the message
         * @throws MalformedBodyException if they are not those that were announced
         */
        void end(String what) throws MalformedBodyException {
            for (Map.Entry<Algorithm, MessageDigest> entry : running.entrySet()) {
                byte[] wanted = announced.get(entry.getKey());
                byte[] found = entry.getValue().digest();
                if (!Arrays.equals(found, wanted)) {
                    throw new MalformedBodyException(what + " has the " + entry.getKey().field + " " + bytes(found)
                            + ", and not the one that was announced");
                }
            }
        }
    }
}

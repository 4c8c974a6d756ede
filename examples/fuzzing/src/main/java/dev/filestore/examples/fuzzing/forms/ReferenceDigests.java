package dev.filestore.examples.fuzzing.forms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A second opinion about {@code Content-Digest} and {@code Repr-Digest} (RFC 9530), by regular expressions. */
public final class ReferenceDigests {

    private static final String KEY = "[a-z*][a-z0-9_.*-]*";
    private static final String BYTES = ":[^:]*:";
    private static final String VALUE = "(?:" + BYTES
            + "|\"(?:\\\\[\\s\\S]|[^\"\\\\])*+\"|[!-~&&[^\"(),;<=>\\[\\\\\\]{}:]][!-~&&[^\"(),;<=>\\[\\\\\\]{}]]*)";
    private static final Pattern MEMBER =
            Pattern.compile("(" + KEY + ")=:([^:]*):((?:; *" + KEY + "(?:=" + VALUE + ")?)*+)[ \t]*");
    private static final Pattern PARAMETER = Pattern.compile("; *" + KEY + "(?:=(" + VALUE + "))?");

    private ReferenceDigests() {}

    /** The digests of a field; empty where it is malformed. */
    public static Optional<Map<String, byte[]>> parse(String field) {
        Map<String, byte[]> digests = new HashMap<>();
        String rest = field.replaceFirst("^ *", "");
        boolean more = !rest.isEmpty();
        while (more) {
            Matcher member = MEMBER.matcher(rest);
            if (!member.lookingAt()) {
                return Optional.empty();
            }
            byte[] digest = base64(member.group(2));
            if (digest == null || !parametersHold(member.group(3))) {
                return Optional.empty();
            }
            digests.put(member.group(1), digest);
            rest = rest.substring(member.end());
            more = !rest.isEmpty();
            if (more) {
                if (rest.charAt(0) != ',') {
                    return Optional.empty();
                }
                rest = rest.substring(1).replaceFirst("^[ \t]*", "");
                if (rest.isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(digests);
    }

    /** Whether two fields can be understood, agree with each other, and are those of some bytes. */
    public static boolean hold(@Nullable String content, @Nullable String representation, byte[] bytes) {
        for (String field : new String[] {content, representation}) {
            Optional<Map<String, byte[]>> digests = parse(field == null ? "" : field);
            if (digests.isEmpty()
                    || differs(digests.get().get("sha-256"), "SHA-256", bytes)
                    || differs(digests.get().get("sha-512"), "SHA-512", bytes)) {
                return false;
            }
        }
        return true;
    }

    private static boolean differs(byte @Nullable [] digest, String algorithm, byte[] bytes) {
        try {
            return digest != null
                    && !Arrays.equals(
                            digest, MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean parametersHold(String parameters) {
        Matcher parameter = PARAMETER.matcher(parameters);
        for (int at = 0; at < parameters.length(); at = parameter.end()) {
            if (!parameter.find(at)) {
                return false;
            }
            String value = parameter.group(1);
            if (value != null && value.startsWith(":") && base64(value.substring(1, value.length() - 1)) == null) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

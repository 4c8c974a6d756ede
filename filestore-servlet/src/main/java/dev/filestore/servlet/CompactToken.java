package dev.filestore.servlet;

import com.auth0.jwt.exceptions.JWTDecodeException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Web Token in its compact form (RFC 7515 section 3.1), of which nothing is verified yet but that it can be read in
 * one way only. The library that verifies is lenient where text can be written in several ways, and takes the last of two
 * claims of one name; what it is given went through here.
 *
 * @param text the whole token
 * @param algorithm the header's {@code alg}
 * @param keyId the header's {@code kid}, if there is one
 */
record CompactToken(String text, String algorithm, @Nullable String keyId) {

    /** As much as most containers take for all header fields of a request. */
    static final int MAX_LENGTH = 8 * 1024;

    private static final int MAX_KEY_ID_LENGTH = 255;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER_LENGTH = 32;

    /** The last second of the year 9999: what is beyond was not meant as seconds. */
    private static final double LAST_SECOND = 253_402_300_799.0;

    /** Other types are tokens for other purposes, of the same issuer and under the same keys (RFC 8725 section 3.11). */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build();

    /**
     * Reads a token.
     *
     * @throws JWTDecodeException if it is none, or one that says what is not understood here. The message quotes nothing
     */
    static CompactToken read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw refused("it has more than " + MAX_LENGTH + " characters");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || parts[2].isEmpty()) {
            throw refused("it has not three parts");
        }
        decode(parts[2]);
        try (JsonParser header = JSON.createParser(utf8(decode(parts[0])));
                JsonParser claims = JSON.createParser(utf8(decode(parts[1])))) {
            readClaims(claims);
            return readHeader(text, header);
        } catch (IOException e) {
            // The parser's message quotes what it read.
            throw refused("a part is not well-formed JSON in UTF-8, or too deep, or has a name twice");
        }
    }

    private static CompactToken readHeader(String text, JsonParser json) throws IOException {
        String algorithm = null;
        String keyId = null;
        start(json);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "alg" -> algorithm = text(json, name);
                case "kid" -> keyId = text(json, name);
                case "typ" -> {
                    if (!TYPES.contains(text(json, name).toLowerCase(Locale.ROOT))) {
                        throw refused("its type is another");
                    }
                }
                case "crit", "b64" -> throw refused("it names an extension that has to be understood");
                // Keys that a token brings along, or says where to get, are never looked at.
                default -> json.skipChildren();
            }
        }
        end(json);
        if (algorithm == null) {
            throw refused("it has no algorithm");
        }
        if (keyId != null && keyId.length() > MAX_KEY_ID_LENGTH) {
            throw refused("the name of its key is too long");
        }
        return new CompactToken(text, algorithm, keyId);
    }

    private static void readClaims(JsonParser json) throws IOException {
        List<String> found = new ArrayList<>();
        start(json);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "sub", "iss" -> text(json, name);
                case "exp", "nbf", "iat" -> time(json, name);
                case "aud" -> texts(json, name);
                default -> json.skipChildren();
            }
            found.add(name);
        }
        end(json);
        if (!found.contains("sub") || !found.contains("exp")) {
            throw refused("it has no sub, or no exp");
        }
    }

    private static void start(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw refused("a part is no JSON object");
        }
    }

    private static void end(JsonParser json) throws IOException {
        if (json.nextToken() != null) {
            throw refused("a part goes on after its JSON object");
        }
    }

    private static String text(JsonParser json, String name) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(name + " is no text");
        }
        return json.getText();
    }

    private static void texts(JsonParser json, String name) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            text(json, name);
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            text(json, name);
        }
    }

    /** Seconds since 1970, with a fraction if need be (RFC 7519 section 2). */
    private static void time(JsonParser json, String name) throws IOException {
        if (!json.currentToken().isNumeric() || !(json.getDoubleValue() >= 0 && json.getDoubleValue() <= LAST_SECOND)) {
            throw refused(name + " is no time in seconds");
        }
    }

    /** The bytes of a part, if that is the one way to write them: without padding, and with nothing in the last bits. */
    private static byte[] decode(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Told below, without its message, which quotes the text.
        }
        throw refused("a part is not in base64url");
    }

    /** The text of bytes, none of which are replaced: two users could become one. */
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static JWTDecodeException refused(String why) {
        return new JWTDecodeException(why);
    }

    /** Nothing of the token. */
    @Override
    public String toString() {
        return "a token";
    }
}

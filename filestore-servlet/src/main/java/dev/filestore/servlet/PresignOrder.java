package dev.filestore.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a client asks for when it wants a presigned URL: exactly these fields and no others.
 *
 * @param fileId the id of the file, at least 1
 * @param lifetime how long the URL is to live
 */
record PresignOrder(long fileId, Duration lifetime) {

    private static final int MAX_BYTES = 8 * 1024;
    private static final int DEFAULT_HOURS = 24;
    private static final int MAX_HOURS = 168;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static PresignOrder read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw invalid("The JSON has more than " + MAX_BYTES + " bytes");
        }
        // Given bytes, the parser guesses their encoding, and is not strict about UTF-8.
        try (JsonParser json = JSON.createParser(decode(bytes))) {
            return parse(json);
        } catch (CharacterCodingException | JsonProcessingException e) {
            throw Failure.Kind.INVALID.because("The body is not well-formed JSON in UTF-8", e);
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static PresignOrder parse(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("The body is not a JSON object");
        }
        long fileId = 0;
        long hours = DEFAULT_HOURS;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "file_id" -> fileId = wholeNumber(json, value, "file_id", Long.MAX_VALUE);
                case "expiration_hours" -> hours = wholeNumber(json, value, "expiration_hours", MAX_HOURS);
                default ->
                    throw invalid("The JSON has the unknown field " + Failure.quote(field)
                            + "; known are file_id and expiration_hours");
            }
        }
        if (json.nextToken() != null) {
            throw invalid("The body goes on after its JSON object");
        }
        if (fileId == 0) {
            throw invalid("The JSON has no file_id");
        }
        return new PresignOrder(fileId, Duration.ofHours(hours));
    }

    private static long wholeNumber(JsonParser json, JsonToken value, String name, long max) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long number = json.getLongValue();
            if (number >= 1 && number <= max) {
                return number;
            }
        }
        throw invalid(name + " is a whole number from 1" + (max == Long.MAX_VALUE ? "" : " to " + max));
    }

    private static Failure invalid(String message) {
        return Failure.Kind.INVALID.because(message);
    }
}

package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.filestore.servlet.Wire.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * What attackers send, over bare sockets: whatever it is, the answer is a proper one, nothing of it stands anywhere as it
 * came, and what was refused leaves neither a row nor an object. A test of a server extends this class.
 */
@Timeout(180)
abstract class HostileContract {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One line for each request, with a user in quotes that nothing in it can end. */
    private static final String LOG_LINE = "request_id=[A-Za-z0-9._-]{8,64} user=(-|'[^'\\p{C}\\p{Zl}\\p{Zp}]{1,200}')"
            + " op=[a-z]+ status=[0-9]{3} id=(-|[1-9][0-9]*) ms=[0-9]+";

    /** The server under attack, the same one for all tests of the class. */
    abstract DiskTarget target();

    /** One group of attacks. Each test is a user of its own, whom no rate limit stops. */
    abstract static class Group {

        String user = "user-" + UUID.randomUUID();

        abstract DiskTarget target();

        /** Sends a request with an id of its own, and looks at what was logged of it. */
        Answer send(String method, String path, byte[] body, String... lines) {
            return send(target().as(user), method, path, body, lines);
        }

        Answer send(Wire wire, String method, String path, byte[] body, String... lines) {
            String requestId = "test-" + UUID.randomUUID();
            List<String> all = new ArrayList<>(List.of(lines));
            all.add("X-Request-Id: " + requestId);
            Answer answer = wire.send(method, path, body, all.toArray(String[]::new));
            if (requestId.equals(answer.field("X-Request-Id"))) {
                assertLoggedHarmlessly(requestId);
            } else {
                // The container refused it by itself, as it may refuse what is no HTTP.
                assertThat(answer.status()).isBetween(400, 501).isNotEqualTo(500);
            }
            assertThat(answer.fields()).noneMatch(line -> line.matches("(?i)(set-cookie|[^:]*evil[^:]*):.*"));
            return answer;
        }

        void assertLoggedHarmlessly(String requestId) {
            List<ILoggingEvent> events = target().logged(requestId);
            assertThat(events).hasSize(1);
            assertThat(events.get(0).getFormattedMessage()).matches(LOG_LINE);
            assertThat(events.get(0).getThrowableProxy()).isNull();
        }

        Answer get(String path) {
            return send("GET", path, new byte[0]);
        }

        Answer upload(byte[] form, String... lines) {
            boolean hasType = Arrays.stream(lines).anyMatch(line -> line.startsWith("Content-Type:"));
            List<String> all = new ArrayList<>(List.of(lines));
            if (!hasType) {
                all.add("Content-Type: " + new Form().contentType());
            }
            return send("POST", "/upload", form, all.toArray(String[]::new));
        }

        /** The JSON of an answer, in which no character is anything but what can be seen. */
        static JsonNode json(Answer answer) {
            assertThat(answer.field("Content-Type")).isEqualTo("application/json");
            assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(answer.body()))
                        .toString();
                assertThat(text.codePoints()).allMatch(Group::isVisible, "visible");
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError(new String(answer.body(), StandardCharsets.ISO_8859_1), e);
            }
        }

        /** Whether a character neither ends a line nor turns the writing around nor drives a terminal. */
        static boolean isVisible(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> false;
                default -> true;
            };
        }

        /** Refused by the servlet, in words that are fit for every eye, and without a trace. */
        JsonNode assertRefused(Answer answer, String statusAndError) {
            JsonNode failure = json(answer);
            assertThat(answer.status() + " " + failure.path("error").asText())
                    .as(failure.toString())
                    .isEqualTo(statusAndError);
            assertThat(failure.path("message").asText()).isNotEmpty().hasSizeLessThan(600);
            assertNothingStored();
            return failure;
        }

        /** Refused by the servlet or by the container in front of it. */
        void assertRefusedBySomebody(Answer answer) {
            assertThat(answer.status()).isBetween(400, 501).isNotEqualTo(500);
            assertNothingStored();
        }

        /** Stored whole, and there again. */
        void assertStored(Answer answer) {
            JsonNode file = json(answer);
            assertThat(answer.status()).as(file.toString()).isEqualTo(201);
            assertThat(file.path("size").asInt()).isEqualTo(HttpCalls.PDF.length);
            assertThat(get("/" + file.path("file_id").asLong() + "/content").body())
                    .isEqualTo(HttpCalls.PDF);
            assertThat(target().audit().isClean()).isTrue();
        }

        void assertNothingStored() {
            String prefix = "uploads/" + user + "/";
            assertThat(target().metadata().listByKey(prefix, "", 10)).as("rows").isEmpty();
            assertThat(target().storage().list(prefix, "", 10)).as("objects").isEmpty();
            assertThat(target().storage().listUnfinished(prefix, "", 10))
                    .as("unfinished")
                    .isEmpty();
            assertThat(target().audit().isClean()).as("the audit is clean").isTrue();
        }
    }

    @Nested
    class Names extends HostileNamesContract {
        @Override
        DiskTarget target() {
            return HostileContract.this.target();
        }
    }

    @Nested
    class Forms extends HostileFormsContract {
        @Override
        DiskTarget target() {
            return HostileContract.this.target();
        }
    }

    @Nested
    class Boundaries extends HostileBoundariesContract {
        @Override
        DiskTarget target() {
            return HostileContract.this.target();
        }
    }

    @Nested
    class Requests extends HostileRequestsContract {
        @Override
        DiskTarget target() {
            return HostileContract.this.target();
        }
    }

    @Nested
    class Json extends HostileJsonContract {
        @Override
        DiskTarget target() {
            return HostileContract.this.target();
        }
    }

    @Nested
    class Addresses extends HostileAddressesContract {
        @Override
        DiskTarget target() {
            return HostileContract.this.target();
        }
    }
}

package dev.filestore.examples.fuzzing.uploads;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.filestore.examples.fuzzing.BrokenRule;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a servlet answers. */
final class Answer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int status = 200;
    private boolean committed;

    private final ServletOutputStream out = new ServletOutputStream() {
        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, length);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    };

    HttpServletResponse response() {
        return Requests.proxy(HttpServletResponse.class, (self, method, arguments) -> switch (method.getName()) {
            case "setStatus" -> {
                status = (int) arguments[0];
                yield null;
            }
            case "getStatus" -> status;
            case "setHeader", "addHeader" -> set((String) arguments[0], (String) arguments[1]);
            case "setContentType" -> set("Content-Type", (String) arguments[0]);
            case "setContentLength", "setContentLengthLong" -> set("Content-Length", String.valueOf(arguments[0]));
            case "getHeader" -> fields.get((String) arguments[0]);
            case "getOutputStream" -> out;
            case "flushBuffer" -> {
                committed = true;
                yield null;
            }
            case "isCommitted" -> committed;
            default -> Requests.absent(method);
        });
    }

    private @Nullable Object set(String name, String value) {
        unless(
                value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t'),
                "the answer's field %s holds what a header must not: %s",
                name,
                value);
        fields.put(name, value);
        return null;
    }

    int status() {
        return status;
    }

    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    byte[] body() {
        return bytes.toByteArray();
    }

    JsonNode json() {
        try {
            return JSON.readTree(body());
        } catch (IOException e) {
            throw new BrokenRule("the answer is no JSON", e);
        }
    }
}

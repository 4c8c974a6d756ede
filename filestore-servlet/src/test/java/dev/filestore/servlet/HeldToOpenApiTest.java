package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.servlet.HttpWatch.Answer;
import dev.filestore.servlet.HttpWatch.Request;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds the tests to the document notices what is not as it says. */
class HeldToOpenApiTest {

    private static final String BASE = "/app/api/files";
    private static final String JSON_FIELDS = """
            X-Request-Id: 12345678
            Cache-Control: no-store
            X-Content-Type-Options: nosniff
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/json
            RateLimit-Limit: 100""";
    private static final String ERROR =
            "{'error':'File not found','code':'file_not_found','message':'m','request_id':'12345678'}";
    private static final String PAGE = "{'total':0,'limit':50,'offset':0,'files':[],'next_cursor':null}";
    private static final String PRESIGNED =
            "{'presigned_url':'https://a.example/b?c=d','expires_at':'2026-02-27T14:30:22','file_key':'k'}";

    private final HeldToOpenApi held = new HeldToOpenApi();

    private static HttpHeaders fields(String lines) {
        Map<String, List<String>> fields = new TreeMap<>();
        for (String line : lines.isEmpty() ? new String[0] : lines.split("\n", -1)) {
            String[] pair = line.split(": ", 2);
            fields.computeIfAbsent(pair[0], name -> new ArrayList<>()).add(pair[1]);
        }
        return HttpHeaders.of(fields, (name, value) -> true);
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    private void answer(String method, String target, int status, String fields, String body) {
        held.seen(
                new Request(method, BASE, BASE + target, fields(""), ""),
                new Answer(status, fields(fields), quoted(body)));
    }

    @Test
    void answers_thatAreDescribed_pass() {
        assertThatCode(() -> {
                    answer("GET", "", 200, JSON_FIELDS, PAGE);
                    answer("GET", "/?limit=00000000000000000000000000001", 200, JSON_FIELDS, PAGE);
                    answer("HEAD", "", 200, JSON_FIELDS, "");
                    answer("GET", "/42", 404, JSON_FIELDS + "\nConnection: close", ERROR);
                    answer("GET", "/not/a/path?x=y", 404, JSON_FIELDS, ERROR);
                    answer("OPTIONS", "/42", 204, "X-Request-Id: 12345678\nAllow: GET, HEAD, DELETE, OPTIONS", "");
                    // The container's own.
                    answer("GET", "/42", 431, "Content-Type: text/html", "<h1>Too large</h1>");
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a status of nobody's | GET | /42 | 418 | | | the status is not described",
                "a status of another operation | GET | /42 | 503 | | | the status is not described",
                "a field | GET | /42 | 404 | X-New: 1 | | the header fields [x-new] are not described",
                "a field of another answer | GET | /42 | 404 | Retry-After: 1 | | [retry-after] are not described",
                "a field twice | GET | /42 | 404 | RateLimit-Limit: 100 | | RateLimit-Limit is there 2 times",
                "a field's value | GET | /42 | 404 | RateLimit-Reset: soon | | RateLimit-Reset is 'soon'",
                "a field's form | GET | /42 | 404 | RateLimit: 5 | | RateLimit is '5'",
                "a field that is missing | GET | /42 | 401 | | | WWW-Authenticate is missing",
                "a code of another status | GET | /42 | 404 | | s/file_not_found/s3_error | does not have a value in the enumeration",
                "a field of the body | GET | /42 | 404 | | s/'message'/'hint':'h','message' | property 'hint' is not evaluated",
                "a field that is no more | GET | /42 | 404 | | s/'message':'m',/ | required property 'message' not found",
                "a body that is none | GET | /42 | 404 | | s/^.*$/x | no JSON",
                "a body of another type | GET | /42 | 404 | t: text/html | | the type text/html is not described",
                "a key twice | GET | /42 | 404 | | s/'message'/'code':'x','message' | no JSON",
                "a body to HEAD | HEAD | /42 | 404 | | | a body is not described",
                "a method less | PUT | /42 | 405 | Allow: GET, OPTIONS | s/file_not_found/method_not_allowed | the methods are [GET, OPTIONS]",
            })
    void answer_thatIsNotDescribed_isNoticed(
            String what, String method, String target, int status, String field, String change, String fault) {
        String fields = field == null
                ? JSON_FIELDS
                : field.startsWith("t: ")
                        ? JSON_FIELDS.replace("application/json", field.substring(3))
                        : JSON_FIELDS + "\n" + field;
        String[] replace = change == null
                ? new String[] {"s", "^", ""}
                : (change + " ").strip().split("/", -1);

        String body = ERROR.replaceFirst(replace[1], replace[2]);

        assertThatThrownBy(() -> answer(method, target, status, fields, body))
                .as(what)
                .isInstanceOf(AssertionError.class)
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains(fault));
    }

    private void served(String target, String fields, String body) {
        held.seen(
                new Request("POST", BASE, BASE + target, fields(fields), quoted(body)),
                new Answer(200, fields(JSON_FIELDS), quoted(PRESIGNED)));
    }

    @Test
    void requests_thatAreAllowed_pass() {
        assertThatCode(() -> {
                    served("/presigned-url", "Content-Type: APPLICATION/JSON;charset=utf-8", "{'file_id':42}");
                    served("/presigned-url", "", "{'file_id':42,'expiration_hours':168,'disposition':'inline'}");
                    upload("Multipart/Form-Data", "12");
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/presigned-url | Content-Type: text/plain | {'file_id':42} | a body of the type text/plain is not described",
                "/presigned-url | Content-Type: application/json | {'file_id':42,'x':1} | property 'x' is not defined",
                "/presigned-url | Content-Type: application/json | {'file_id':0} | must have a minimum value of 1",
                "/presigned-url | Content-Type: application/json | {} | required property 'file_id' not found",
                "/presigned-url?new=1 | Content-Type: application/json | {'file_id':42} | the parameters [new] are not described",
            })
    void request_thatWasServedAndIsNotAllowed_isNoticed(String target, String fields, String body, String fault) {
        assertThatThrownBy(() -> served(target, fields, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(fault);
    }

    @ParameterizedTest
    @CsvSource({"?limit=x, limit is 'x'", "?limit=0, limit is '0'", "?category=A%20B, category is 'A B'"})
    void parameter_thatWasTakenAndIsNotAllowed_isNoticed(String query, String fault) {
        assertThatThrownBy(() -> answer("GET", query, 200, JSON_FIELDS, PAGE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(fault);
    }

    @Test
    void form_thatWasTakenAndIsNotAllowed_isNoticed() {
        assertThatThrownBy(() -> upload("multipart/form-data", "0"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("must have a minimum value of 1");
    }

    private void upload(String type, String hours) {
        Form form = new Form().field("expires_in_hours", hours).file("file", "a.pdf", null, HttpCalls.PDF);
        String contentType = "Content-Type: " + form.contentType().replace("multipart/form-data", type);
        String uploaded = "{'file_id':42,'url':null,'cdn_url':null,'file_key':'k','size':1,'category':'document',"
                + "'content_type':'application/pdf','original_filename':'a.pdf'}";
        held.seen(
                new Request(
                        "POST",
                        BASE,
                        BASE + "/upload",
                        fields(contentType),
                        new String(form.bytes(), StandardCharsets.ISO_8859_1)),
                new Answer(201, fields(JSON_FIELDS + "\nLocation: /app/api/files/42"), quoted(uploaded)));
    }
}

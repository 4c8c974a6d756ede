package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.filestore.servlet.Wire.Answer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boundaries that somebody else takes for others, or that a parser chokes on. */
abstract class HostileBoundariesContract extends HostileContract.Group {

    private static final String BOUNDARY = Form.BOUNDARY;
    private static final int MANY = 100_000;

    private static Form pdf() {
        return new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF);
    }

    /**
     * CVE-2026-26961 (Rack): of two boundaries it took another than those who looked at the form before. CVE-2014-0050,
     * CVE-2016-3092 (Commons FileUpload): a boundary as long as the buffer made the parser run for ever, or crawl.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "boundary=BOUNDARY; boundary=evil",
                "boundary=evil; boundary=BOUNDARY",
                "boundary=BOUNDARY; Boundary=BOUNDARY",
                "boundary=BOUNDARY; x=\"",
                "boundary=\"BOUNDARY",
                "boundary =BOUNDARY",
                "boundary= BOUNDARY",
                "boundary=BOUNDARY, text/plain",
                "boundary=BOUNDARY x",
                "boundary=BOUNDARY\"x\"",
                "boundary=\"BOUNDARY\"x",
                "x=\"; boundary=BOUNDARY; y\"",
                "boundary*=UTF-8''BOUNDARY",
                "boundary*0=BOUNDARY",
                "boundary=",
                "boundary=\"\"",
                "boundary=\"BOUNDARY \"",
                "boundary=\"\u00e4\"",
                "boundary=\"a@b\"",
                "xboundary=BOUNDARY",
                "x-boundary=BOUNDARY",
                "x boundary=BOUNDARY",
                "; boundary",
            })
    void upload_boundaryThatCanBeReadInTwoWays_isRefused(String parameters) {
        assertRefused(
                upload(pdf().bytes(), "Content-Type: multipart/form-data; " + parameters.replace("BOUNDARY", BOUNDARY)),
                "400 Invalid request");
    }

    @Test
    void upload_contentTypeTwice_isRefused() {
        String real = "Content-Type: " + pdf().contentType();

        assertRefusedBySomebody(upload(pdf().bytes(), real, "Content-Type: multipart/form-data; boundary=evil"));
        assertRefusedBySomebody(upload(pdf().bytes(), "Content-Type: text/plain", real));
        assertRefusedBySomebody(upload(pdf().bytes(), real, "Content-Type: text/plain"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "boundary=BOUNDARY;",
                "boundary=BOUNDARY ; charset=utf-7",
                ";; boundary=BOUNDARY",
                "x=\"; boundary=evil; y\"; boundary=BOUNDARY",
                "x=\"\\\"; boundary=evil; y=\\\"\"; Boundary=\"BOUNDARY\"",
                "xboundary=evil; boundary=BOUNDARY; boundary2=evil"
            })
    void upload_boundaryAmongOtherParameters_isTheOneThatCounts(String parameters) {
        assertStored(
                upload(pdf().bytes(), "Content-Type: multipart/form-data;" + parameters.replace("BOUNDARY", BOUNDARY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "'()+_,-./:=?", "--", "-", "a b  c", "multipart/form-data", "boundary=x"})
    void upload_oddBoundary_isStored(String boundary) {
        assertStored(uploadWith(boundary));
        assertStored(uploadWith((boundary + "x".repeat(70)).substring(0, 70)));
        user = user + "-2";
        assertRefused(uploadWith((boundary + "x".repeat(70)).substring(0, 70) + "x"), "400 Invalid request");
    }

    private Answer uploadWith(String boundary) {
        String form = new String(pdf().bytes(), StandardCharsets.US_ASCII).replace(BOUNDARY, boundary);
        return upload(
                form.getBytes(StandardCharsets.US_ASCII),
                "Content-Type: multipart/form-data; boundary=\"" + boundary + '"');
    }

    @Test
    void upload_contentTypeOf100Kilobytes_isRefused() {
        for (String filler : new String[] {"; boundary=", "; x=y", ";", " ", "\\\"", "\"", ";boundary=\"x", "\t;"}) {
            assertRefusedBySomebody(upload(
                    pdf().bytes(),
                    "Content-Type: multipart/form-data; boundary=\"" + filler.repeat(MANY / filler.length())));
            // What gets past the containers, which take 8 KiB of header in all.
            assertRefusedBySomebody(upload(
                    pdf().bytes(),
                    "Content-Type: multipart/form-data; boundary=\"" + filler.repeat(7_000 / filler.length())));
        }
    }

    @Test
    void upload_boundaryWithinTheContent_isContent() {
        String content = new String(HttpCalls.PDF, StandardCharsets.US_ASCII) + BOUNDARY + "--" + BOUNDARY + "--\r\n --"
                + BOUNDARY + "\r\n-" + BOUNDARY + "--\r\n";
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);

        JsonNode file = json(upload(
                new Form().file("file", "a.pdf", "application/pdf", bytes).bytes()));

        assertThat(file.path("size").asInt()).isEqualTo(bytes.length);
        assertThat(get("/" + file.path("file_id").asLong() + "/content").body()).isEqualTo(bytes);
    }
}

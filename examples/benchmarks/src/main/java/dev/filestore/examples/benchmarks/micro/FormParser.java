package dev.filestore.examples.benchmarks.micro;

import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.servlet.FormParsing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How fast is a form of 4 MiB taken apart, beside Commons FileUpload's streaming parser?
 *
 * <pre>java -jar benchmarks.jar micro</pre>
 */
@State(Scope.Benchmark)
public class FormParser {

    private static final String BOUNDARY = "----a-boundary-as-browsers-make-them-7d93b";
    private static final int BYTES = 4 * 1024 * 1024;

    private final byte[] form = form();
    private final byte[] buffer = new byte[64 * 1024];

    private static byte[] form() {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.pdf\"\r\n"
                        + "Content-Type: application/pdf\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(Payload.of(BYTES));
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return form.toByteArray();
    }

    @Benchmark
    public long filestore() throws IOException {
        return whole(FormParsing.parse(new ByteArrayInputStream(form), BOUNDARY, buffer));
    }

    @Benchmark
    public long fileUpload() throws IOException {
        MultipartInput input = MultipartInput.builder()
                .setInputStream(new ByteArrayInputStream(form))
                .setBufferSize(buffer.length)
                .setBoundary(BOUNDARY.getBytes(StandardCharsets.US_ASCII))
                .get();
        input.skipPreamble();
        input.readHeaders();
        long length = 0;
        try (InputStream content = input.newInputStream()) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                length += read;
            }
        }
        return whole(length);
    }

    private static long whole(long length) {
        if (length != BYTES) {
            throw new IllegalStateException("found " + length + " bytes");
        }
        return length;
    }
}

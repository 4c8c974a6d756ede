package dev.filestore.examples.benchmarks.micro;

import dev.filestore.AllowedTypes;
import dev.filestore.MimePolicy;
import dev.filestore.examples.benchmarks.harness.Payload;
import java.io.IOException;
import java.io.InputStream;
import org.apache.tika.Tika;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How fast is the type of a file told by its name and first bytes, beside Tika?
 *
 * <pre>java -jar benchmarks.jar micro</pre>
 */
@State(Scope.Benchmark)
public class TypeDetection {

    private final MimePolicy policy = AllowedTypes.standard();
    private final Tika tika = new Tika();
    private final byte[] head = Payload.of(MimePolicy.HEAD_BYTES);

    @Benchmark
    public Object filestore() {
        return policy.judge(Payload.NAME, Payload.TYPE, head);
    }

    @Benchmark
    public String tika() throws IOException {
        try (InputStream in = new java.io.ByteArrayInputStream(head)) {
            return tika.detect(in, Payload.NAME);
        }
    }
}

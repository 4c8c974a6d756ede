package dev.filestore.examples.benchmarks.harness;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that a store takes for a document, and nothing can compress. */
public final class Payload {

    public static final String NAME = "report.pdf";
    public static final String TYPE = "application/pdf";

    private static final long PROCESS = ProcessHandle.current().pid();
    private static final AtomicLong NUMBER = new AtomicLong();

    private Payload() {}

    /** A name that no process gave to another file, as the files of a folder have: keys are taken from names. */
    public static String nextName() {
        return "report-" + PROCESS + "-" + NUMBER.incrementAndGet() + ".pdf";
    }

    /** So many bytes, the same in every process. */
    public static byte[] of(int bytes) {
        byte[] content = new byte[bytes];
        new Random(20_260_226).nextBytes(content);
        byte[] mark = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(mark, 0, content, 0, mark.length);
        return content;
    }
}

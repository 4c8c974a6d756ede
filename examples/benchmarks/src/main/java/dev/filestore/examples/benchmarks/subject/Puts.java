package dev.filestore.examples.benchmarks.subject;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;

/** The SDK's own put of bytes whose number is known. */
public final class Puts {

    private static final String TYPE = "application/pdf";

    private Puts() {}

    static String key() {
        return "uploads/123/" + UUID.randomUUID() + "_report.pdf";
    }

    static String encoded(CRC32 checksum) {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    /** From memory without a copy, with a checksum that is one's own. */
    public static void best(S3Client client, byte[] content, int offset, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(content, offset, length);
        client.putObject(
                request -> request.bucket(Clients.BUCKET)
                        .key(key())
                        .contentType(TYPE)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .checksumCRC32(encoded(checksum)),
                RequestBody.fromContentProvider(() -> new ByteArrayInputStream(content, offset, length), length, TYPE));
    }

    /** A stream of known length, with all left to the SDK. */
    static void defaults(S3Client client, InputStream content, long length) {
        client.putObject(
                request -> request.bucket(Clients.BUCKET).key(key()).contentType(TYPE),
                RequestBody.fromInputStream(content, length));
    }
}

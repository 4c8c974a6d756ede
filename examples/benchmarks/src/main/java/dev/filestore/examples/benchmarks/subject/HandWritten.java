package dev.filestore.examples.benchmarks.subject;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * The pipeline that somebody writes who knows the servlet and the SDK well: one pass over the body, SHA-256 and CRC32
 * while the bytes are in the cache, parts of 8 MiB in buffers that are used again, a row at the end. It judges no type,
 * cleans no name, and leaves bytes and uploads behind when anything fails.
 */
final class HandWritten {

    private static final int PART_BYTES = 8 * 1024 * 1024;
    private static final int READ_BYTES = 64 * 1024;
    private static final String TYPE = "application/pdf";

    private final S3Client client;
    private final Rows rows;
    private final Queue<byte[]> buffers = new ConcurrentLinkedQueue<>();

    HandWritten(S3Client client, Rows rows) {
        this.client = client;
        this.rows = rows;
    }

    /** Stores a body, and tells the id of its row. */
    long store(InputStream in, String name) throws IOException, SQLException {
        String key = Puts.key();
        byte[] buffer = buffers.poll();
        if (buffer == null) {
            buffer = new byte[PART_BYTES];
        }
        try {
            MessageDigest sha256 = sha256();
            long size = send(key, in, buffer, sha256);
            long id = rows.begin(key, name);
            rows.end(id, size, HexFormat.of().formatHex(sha256.digest()));
            return id;
        } finally {
            buffers.add(buffer);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private long send(String key, InputStream in, byte[] buffer, MessageDigest sha256) throws IOException {
        CRC32 whole = new CRC32();
        List<CompletedPart> parts = new ArrayList<>();
        String upload = null;
        long size = 0;
        while (true) {
            CRC32 checksum = new CRC32();
            int filled = fill(in, buffer, sha256, checksum, whole);
            size += filled;
            boolean ended = filled < buffer.length;
            if (upload == null) {
                if (ended) {
                    Puts.best(client, buffer, 0, filled);
                    return size;
                }
                upload = begin(key);
            }
            if (filled > 0) {
                parts.add(part(key, upload, parts.size() + 1, buffer, filled, checksum));
            }
            if (ended) {
                complete(key, upload, parts, whole);
                return size;
            }
        }
    }

    private static int fill(InputStream in, byte[] buffer, MessageDigest sha256, CRC32 checksum, CRC32 whole)
            throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int read = in.read(buffer, filled, Math.min(READ_BYTES, buffer.length - filled));
            if (read < 0) {
                break;
            }
            sha256.update(buffer, filled, read);
            checksum.update(buffer, filled, read);
            whole.update(buffer, filled, read);
            filled += read;
        }
        return filled;
    }

    private String begin(String key) {
        return client.createMultipartUpload(request -> request.bucket(Clients.BUCKET)
                        .key(key)
                        .contentType(TYPE)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .checksumType(ChecksumType.FULL_OBJECT))
                .uploadId();
    }

    private CompletedPart part(String key, String upload, int number, byte[] buffer, int length, CRC32 checksum) {
        String encoded = Puts.encoded(checksum);
        String tag = client.uploadPart(
                        request -> request.bucket(Clients.BUCKET)
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                .checksumCRC32(encoded),
                        RequestBody.fromContentProvider(
                                () -> new java.io.ByteArrayInputStream(buffer, 0, length), length, TYPE))
                .eTag();
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(tag)
                .checksumCRC32(encoded)
                .build();
    }

    private void complete(String key, @Nullable String upload, List<CompletedPart> parts, CRC32 whole) {
        client.completeMultipartUpload(request -> request.bucket(Clients.BUCKET)
                .key(key)
                .uploadId(upload)
                .checksumType(ChecksumType.FULL_OBJECT)
                .checksumCRC32(Puts.encoded(whole))
                .multipartUpload(done -> done.parts(parts)));
    }
}

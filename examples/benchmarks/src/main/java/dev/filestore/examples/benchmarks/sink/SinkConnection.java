package dev.filestore.examples.benchmarks.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One client, served until it goes. */
final class SinkConnection {

    private static final String DATE = "Last-Modified: Mon, 02 Feb 2026 10:00:00 GMT\r\n";
    private static final String ETAG = "\"0123456789abcdef0123456789abcdef\"";
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final SinkObjects objects;
    private final boolean verifying;
    private final Duration distance;
    private final RequestHead.Buffer buffer = new RequestHead.Buffer();

    SinkConnection(Socket socket, SinkObjects objects, boolean verifying, Duration distance) {
        this.socket = socket;
        this.objects = objects;
        this.verifying = verifying;
        this.distance = distance;
    }

    void run() {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            RequestHead head;
            while ((head = RequestHead.read(in, buffer)) != null) {
                objects.requests.increment();
                Thread.sleep(distance.toMillis());
                answer(head, in, out);
            }
        } catch (IOException e) {
            // The client went, which is its right.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(RequestHead head, InputStream in, OutputStream out) throws IOException {
        switch (head.method()) {
            case "PUT" -> put(head, in, out);
            case "POST" -> post(head, in, out);
            case "GET", "HEAD" -> get(head, out);
            case "DELETE" -> delete(head, out);
            default -> text(out, 405, "", "");
        }
    }

    private void put(RequestHead head, InputStream in, OutputStream out) throws IOException {
        if ("100-continue".equalsIgnoreCase(head.fields().get("expect"))) {
            out.write(CONTINUE);
        }
        String expected = head.fields().get("x-amz-checksum-crc32");
        CRC32 checksum = verifying && expected != null ? new CRC32() : null;
        drop(in, head.contentLength(), checksum);
        if (checksum != null && !encoded(checksum.getValue()).equals(expected)) {
            error(out, 400, "BadDigest");
            return;
        }
        String decoded = head.fields().get("x-amz-decoded-content-length");
        long size = decoded == null ? head.contentLength() : Long.parseLong(decoded);
        objects.bytes.add(size);
        String upload = head.parameter("uploadId");
        if (upload != null) {
            if (objects.add(upload, size)) {
                text(out, 200, "ETag: " + ETAG + "\r\n", "");
            } else {
                error(out, 404, "NoSuchUpload");
            }
        } else if (objects.put(head.path(), size, head.fields().containsKey("if-none-match"))) {
            text(out, 200, "ETag: " + ETAG + "\r\n", "");
        } else {
            error(out, 412, "PreconditionFailed");
        }
    }

    private void drop(InputStream in, long length, @Nullable CRC32 checksum) throws IOException {
        long left = length;
        while (left > 0) {
            if (buffer.position == buffer.limit) {
                buffer.position = 0;
                buffer.limit = 0;
                if (!buffer.more(in)) {
                    throw new IOException("the body ended early");
                }
            }
            int taken = (int) Math.min(left, buffer.limit - buffer.position);
            if (checksum != null) {
                checksum.update(buffer.bytes, buffer.position, taken);
            }
            buffer.position += taken;
            left -= taken;
        }
    }

    private void post(RequestHead head, InputStream in, OutputStream out) throws IOException {
        drop(in, head.contentLength(), null);
        String upload = head.parameter("uploadId");
        if (upload != null) {
            Long size = objects.end(upload);
            if (size == null) {
                error(out, 404, "NoSuchUpload");
            } else if (objects.put(head.path(), size, head.fields().containsKey("if-none-match"))) {
                xml(out, "CompleteMultipartUploadResult", "<Key>key</Key><ETag>" + ETAG + "</ETag>");
            } else {
                error(out, 412, "PreconditionFailed");
            }
        } else if (head.parameter("uploads") != null) {
            xml(
                    out,
                    "InitiateMultipartUploadResult",
                    "<Bucket>bench</Bucket><Key>key</Key><UploadId>" + objects.begin() + "</UploadId>");
        } else {
            xml(out, "DeleteResult", "");
        }
    }

    private void delete(RequestHead head, OutputStream out) throws IOException {
        String upload = head.parameter("uploadId");
        if (upload != null) {
            objects.end(upload);
        } else {
            objects.remove(head.path());
        }
        send(out, "HTTP/1.1 204 No Content\r\n\r\n");
    }

    private void get(RequestHead head, OutputStream out) throws IOException {
        if (head.parameter("location") != null) {
            xml(out, "LocationConstraint", "us-east-1");
            return;
        }
        if (head.parameter("uploads") != null) {
            xml(out, "ListMultipartUploadsResult", "<IsTruncated>false</IsTruncated>");
            return;
        }
        if (head.path().indexOf('/', 1) < 0 || head.path().endsWith("/")) {
            if (head.method().equals("HEAD")) {
                text(out, 200, "", "");
                return;
            }
            xml(out, "ListBucketResult", "<IsTruncated>false</IsTruncated><KeyCount>0</KeyCount>");
            return;
        }
        Long size = objects.size(head.path());
        if (size == null) {
            error(out, 404, head.method().equals("HEAD") ? "" : "NoSuchKey");
            return;
        }
        String match = head.fields().get("if-match");
        if (match != null && !match.equals(ETAG) && !match.equals(ETAG.replace("\"", ""))) {
            error(out, 412, "PreconditionFailed");
            return;
        }
        bytes(head, size, out);
    }

    private void bytes(RequestHead head, long size, OutputStream out) throws IOException {
        String range = head.fields().get("range");
        long from = 0;
        long to = size - 1;
        if (range != null) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            from = ends[0].isEmpty() ? Math.max(0, size - Long.parseLong(ends[1])) : Long.parseLong(ends[0]);
            to = ends[0].isEmpty() || ends[1].isEmpty() ? to : Math.min(to, Long.parseLong(ends[1]));
            if (from > to) {
                error(out, 416, "InvalidRange");
                return;
            }
        }
        StringBuilder answer = new StringBuilder(256)
                .append(range == null ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 206 Partial Content\r\n")
                .append("ETag: ")
                .append(ETAG)
                .append("\r\n")
                .append(DATE)
                .append("Accept-Ranges: bytes\r\nContent-Type: application/octet-stream\r\nContent-Length: ")
                .append(to - from + 1)
                .append("\r\n");
        if (range != null) {
            answer.append("Content-Range: bytes ")
                    .append(from)
                    .append('-')
                    .append(to)
                    .append('/')
                    .append(size)
                    .append("\r\n");
        } else if (head.fields().containsKey("x-amz-checksum-mode")) {
            answer.append("x-amz-checksum-crc32: ")
                    .append(encoded(SinkObjects.checksum(size)))
                    .append("\r\nx-amz-checksum-type: FULL_OBJECT\r\n");
        }
        send(out, answer.append("\r\n").toString());
        byte[] pattern = SinkObjects.PATTERN;
        while (head.method().equals("GET") && from <= to) {
            int offset = (int) (from % pattern.length);
            int length = (int) Math.min(pattern.length - offset, to - from + 1);
            out.write(pattern, offset, length);
            from += length;
        }
    }

    private static String encoded(long checksum) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) checksum).array());
    }

    private static void error(OutputStream out, int status, String code) throws IOException {
        text(
                out,
                status,
                "Content-Type: application/xml\r\n",
                code.isEmpty() ? "" : "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>");
    }

    private static void xml(OutputStream out, String root, String content) throws IOException {
        text(
                out,
                200,
                "Content-Type: application/xml\r\n",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root
                        + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + content + "</" + root + ">");
    }

    private static void text(OutputStream out, int status, String fields, String body) throws IOException {
        send(
                out,
                "HTTP/1.1 " + status + " Status\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void send(OutputStream out, String ascii) throws IOException {
        out.write(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}

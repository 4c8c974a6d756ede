package dev.filestore.servlet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A body of {@code multipart/form-data} (RFC 7578, RFC 2046 section 5.1), read part by part as it arrives, in one
 * buffer, with nothing kept. Lines end with CRLF, as the RFC says, and with nothing else.
 */
final class MultipartReader {

    /** How many bytes may stand before the first boundary. */
    static final int MAX_PREAMBLE_BYTES = 8 * 1024;

    /** How many bytes the header of one part may have. */
    static final int MAX_HEADER_BYTES = 8 * 1024;

    /** How many bytes may stand behind the last boundary. */
    static final int MAX_EPILOGUE_BYTES = 64 * 1024;

    /** How many parts there may be. */
    static final int MAX_PARTS = 32;

    /** Enough for most files. */
    private static final int FIRST_BUFFER_BYTES = 8 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_PADDING_BYTES = 128;

    private static final Pattern BOUNDARY_CHARACTERS =
            Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

    private final InputStream in;
    private final byte[] delimiter;
    private final int[] shift = new int[256];

    /** Whether a byte stands nowhere in the delimiter, as 1 or 0. */
    private final byte[] foreign = new byte[256];

    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int position;
    private int limit;

    /** Up to here the buffer holds content of the current part for certain. */
    private int contentEnd;

    /** Whether the delimiter stands at {@code contentEnd}. */
    private boolean delimiterFound;

    private int parts;

    /**
     * Starts to read.
     *
     * @param in the body, read in bulk
     * @param boundary what {@link #boundary} found
     */
    MultipartReader(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(shift, delimiter.length);
        Arrays.fill(foreign, (byte) 1);
        for (byte own : delimiter) {
            foreign[own & 0xff] = 0;
        }
        for (int i = 0; i < delimiter.length - 1; i++) {
            shift[delimiter[i] & 0xff] = delimiter.length - 1 - i;
        }
        // The first boundary may stand at the very beginning, without the line break that belongs to the others.
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
    }

    /** Whether a Content-Type is multipart/form-data. */
    static boolean isFormData(@Nullable String contentType) {
        return contentType != null && Parameters.value(contentType).equalsIgnoreCase("multipart/form-data");
    }

    /** The boundary that a Content-Type names. */
    static String boundary(String contentType) throws MalformedBodyException {
        String boundary = Parameters.parse("Content-Type", contentType).get("boundary");
        if (boundary != null && BOUNDARY_CHARACTERS.matcher(boundary).matches()) {
            return boundary;
        }
        throw new MalformedBodyException(
                "The Content-Type of a multipart body names its boundary, of 1 to 70 characters; this one does not");
    }

    /**
     * Goes on to the next part. The content of the one before it was read or skipped.
     *
     * @return its header, or null if there are no more parts; then the body was read to its end
     */
    @Nullable
    PartHeader next() throws IOException {
        if (parts == 0 && !skip(MAX_PREAMBLE_BYTES)) {
            throw new MalformedBodyException("There is too much before the first boundary");
        }
        position = contentEnd + delimiter.length;
        int first = nextByte();
        int second = nextByte();
        if (first == '-' && second == '-') {
            skipEpilogue();
            return null;
        }
        for (int padding = 0; first == ' ' || first == '\t'; padding++) {
            if (padding == MAX_PADDING_BYTES) {
                throw new MalformedBodyException("A boundary is not followed by the end of its line");
            }
            first = second;
            second = nextByte();
        }
        if (first != '\r' || second != '\n') {
            throw new MalformedBodyException("A boundary is not followed by the end of its line (CRLF)");
        }
        if (++parts > MAX_PARTS) {
            throw new MalformedBodyException("There are more than " + MAX_PARTS + " parts");
        }
        PartHeader header = PartHeader.parse(readHeader());
        delimiterFound = false;
        contentEnd = position;
        search();
        return header;
    }

    /** Reads content of the current part: at least one byte, or -1 at its end. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (!awaitContent()) {
            return -1;
        }
        int read = Math.min(length, contentEnd - position);
        System.arraycopy(buffer, position, target, offset, read);
        position += read;
        return read;
    }

    /** The whole content of the current part, which is a field. */
    String readField(String name, int maxBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (awaitContent()) {
            bytes.write(buffer, position, contentEnd - position);
            position = contentEnd;
            if (bytes.size() > maxBytes) {
                throw new MalformedBodyException("The field " + name + " has more than " + maxBytes + " bytes");
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Passes over the content of the current part; false where it has more bytes than that. */
    boolean skip(int maxBytes) throws IOException {
        int left = maxBytes;
        while (awaitContent()) {
            left -= contentEnd - position;
            position = contentEnd;
            if (left < 0) {
                return false;
            }
        }
        return true;
    }

    private void skipEpilogue() throws IOException {
        int left = MAX_EPILOGUE_BYTES - (limit - position);
        while (left >= 0) {
            int read = in.read(buffer);
            if (read < 0) {
                return;
            }
            left -= read;
        }
        throw new MalformedBodyException("There is too much behind the last boundary");
    }

    /** Whether there is content between position and contentEnd; reads until there is, or the part has ended. */
    private boolean awaitContent() throws IOException {
        while (position == contentEnd) {
            if (delimiterFound) {
                return false;
            }
            fill();
            search();
        }
        return true;
    }

    /** Horspool's search for the delimiter in all that the buffer holds. */
    private void search() {
        int last = delimiter.length - 1;
        int at = position;
        while (at + last < limit) {
            int length = delimiter.length;
            // Where most bytes are foreign, four steps that do not wait for each other are faster than one by one.
            if (at + last + 3 * length < limit
                    && (foreign[buffer[at + last] & 0xff]
                                    & foreign[buffer[at + last + length] & 0xff]
                                    & foreign[buffer[at + last + 2 * length] & 0xff]
                                    & foreign[buffer[at + last + 3 * length] & 0xff])
                            != 0) {
                at += 4 * length;
                continue;
            }
            byte tail = buffer[at + last];
            if (tail == delimiter[last] && Arrays.equals(buffer, at, at + last, delimiter, 0, last)) {
                contentEnd = at;
                delimiterFound = true;
                return;
            }
            at += shift[tail & 0xff];
        }
        // Only what is too short to hold the delimiter may still begin one.
        contentEnd = Math.max(position, limit - last);
    }

    private void fill() throws IOException {
        boolean wasFull = limit == buffer.length;
        byte[] next = wasFull && limit < BUFFER_BYTES ? new byte[BUFFER_BYTES] : buffer;
        System.arraycopy(buffer, position, next, 0, limit - position);
        buffer = next;
        limit -= position;
        contentEnd -= position;
        position = 0;
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            throw new MalformedBodyException("The body ends before its last boundary");
        }
        limit += read;
    }

    private int nextByte() throws IOException {
        while (position == limit) {
            contentEnd = position;
            fill();
        }
        return buffer[position++];
    }

    /** The lines of a part's header with the empty one that ends it. */
    private String readHeader() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        int lineLength = 0;
        while (true) {
            int next = nextByte();
            bytes.write(next);
            if (bytes.size() > MAX_HEADER_BYTES) {
                throw new MalformedBodyException("The header of a part has more than " + MAX_HEADER_BYTES + " bytes");
            }
            if (next == '\n' || next == 0) {
                // Some programs end a line here, or the text.
                throw new MalformedBodyException("The header of a part holds a line feed without CR, or NUL");
            }
            if (next != '\r') {
                lineLength++;
                continue;
            }
            int end = nextByte();
            bytes.write(end);
            if (end != '\n') {
                throw new MalformedBodyException("A header line of a part does not end with CRLF");
            }
            if (lineLength == 0) {
                // Names come in UTF-8 (RFC 7578 section 5.1.2); what is not UTF-8 loses those characters and no more.
                return bytes.toString(StandardCharsets.UTF_8);
            }
            lineLength = 0;
        }
    }
}

package dev.filestore;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upload's way to the scanner, if there is one: whatever fails there is a {@link ScanException} here. */
final class Scanning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    private final ContentScanner.@Nullable Scan scan;
    private boolean closed;

    private Scanning(ContentScanner.@Nullable Scan scan) {
        this.scan = scan;
    }

    static Scanning begin(@Nullable ContentScanner scanner, ContentScanner.Upload upload) {
        return new Scanning(scanner == null ? null : ask("begin a scan", () -> scanner.begin(upload)));
    }

    Optional<ContentScanner.Finding> update(byte[] buffer, int offset, int length) {
        // A source may give nothing to a read; some scanners' protocols would take that for the end.
        if (scan == null || length == 0) {
            return Optional.empty();
        }
        return ask("scan", () -> scan.update(buffer, offset, length));
    }

    Optional<ContentScanner.Finding> end() {
        return scan == null ? Optional.empty() : ask("end a scan", scan::end);
    }

    private static <T> T ask(String act, Supplier<@Nullable T> call) {
        T answer;
        try {
            answer = call.get();
        } catch (ScanException e) {
            throw e;
        } catch (Exception e) {
            // Other languages throw checked exceptions, too.
            throw new ScanException(act + ": the scanner failed", e);
        }
        if (answer == null) {
            throw new ScanException(act + ": the scanner answered null", null);
        }
        return answer;
    }

    @Override
    public void close() {
        if (scan == null || closed) {
            return;
        }
        closed = true;
        try {
            scan.close();
        } catch (Exception e) {
            LOG.warn("a scan could not be closed", e);
        }
    }
}

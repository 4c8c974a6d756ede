package dev.filestore.examples.clamav;

import dev.filestore.ByteRange;
import dev.filestore.ContentScanner;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.UnfinishedPut;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What does a scanner cost an upload? One upload at a time into a storage that drops the bytes, so that nothing else takes
 * time but reading and SHA-256: without a scanner, with one that does nothing, and with {@code clamd}, which must be installed and
 * knows one signature here. The sides take turns; the medians of the time, and of the processor time of the uploading thread, with the
 * ratio of that to uploads without a scanner.
 *
 * <p>{@code mvn -q -Dfast test-compile -pl examples/clamav -am && mvn -q -Dfast org.codehaus.mojo:exec-maven-plugin:3.5.0:java
 * -pl examples/clamav -am -Dexec.classpathScope=test -Dexec.mainClass=dev.filestore.examples.clamav.ScanCost}, or from an IDE.
 */
final class ScanCost {

    private static final int ROUNDS = 21;
    private static final int WARM_UP = 15;
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private ScanCost() {}

    public static void main(String[] args) throws Exception {
        try (RealClamd clamd = RealClamd.start("StreamMaxLength 100M", "MaxFileSize 100M", "MaxScanSize 400M")) {
            Map<String, FileStore> sides = new LinkedHashMap<>();
            sides.put("no scanner", store(null));
            sides.put("a scanner that does nothing", store(upload -> new Nothing()));
            sides.put("clamd over its socket", store(ClamAvScanner.at(clamd.path())));
            sides.put("clamd over TCP", store(ClamAvScanner.at(clamd.hostAndPort())));
            for (int size : new int[] {4 << 10, 1 << 20, 50 << 20}) {
                measure(size, sides);
            }
        }
    }

    private static FileStore store(@Nullable ContentScanner scanner) {
        FileStore.Builder builder = FileStore.builder().storage(new Dropping()).metadata(new MemoryMetadata());
        return scanner == null ? builder.build() : builder.scanner(scanner).build();
    }

    private static void measure(int size, Map<String, FileStore> sides) {
        byte[] pdf = new byte[size];
        new Random(size).nextBytes(pdf);
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, pdf, 0, head.length);
        int uploads = Math.max(1, (1 << 20) / size);
        Map<String, List<Double>> micros = new LinkedHashMap<>();
        Map<String, List<Double>> ownMicros = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Map.Entry<String, FileStore> side : sides.entrySet()) {
                long start = System.nanoTime();
                long ownStart = THREAD.getCurrentThreadCpuTime();
                for (int i = 0; i < uploads; i++) {
                    side.getValue()
                            .upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(pdf))
                                    .withOwner("123")
                                    .withLength(size));
                }
                if (round >= 0) {
                    micros.computeIfAbsent(side.getKey(), name -> new ArrayList<>())
                            .add((System.nanoTime() - start) / 1e3 / uploads);
                    ownMicros
                            .computeIfAbsent(side.getKey(), name -> new ArrayList<>())
                            .add((THREAD.getCurrentThreadCpuTime() - ownStart) / 1e3 / uploads);
                }
            }
        }
        double base = median(ownMicros.get("no scanner"));
        micros.forEach((name, all) -> System.out.printf(
                "%6d KiB  %-28s %9.0f us  %6.0f MiB/s, of that this thread %9.0f us of a processor, x %.2f%n",
                size >> 10,
                name,
                median(all),
                size / 1.048576 / median(all),
                median(ownMicros.get(name)),
                median(ownMicros.get(name)) / base));
    }

    private static double median(List<Double> all) {
        return all.stream().sorted().skip(all.size() / 2).findFirst().orElseThrow();
    }

    private static final class Nothing implements ContentScanner.Scan {

        @Override
        public Optional<ContentScanner.Finding> update(byte[] buffer, int offset, int length) {
            return Optional.empty();
        }

        @Override
        public Optional<ContentScanner.Finding> end() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    /** Reads as the storages do, and keeps nothing. */
    private static final class Dropping implements StorageBackend {

        @Override
        public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                throws IOException {
            byte[] buffer = new byte[64 * 1024];
            while (source.read(buffer, 0, buffer.length) >= 0) {
                // Dropped.
            }
            return null;
        }

        @Override
        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
            return Optional.empty();
        }

        @Override
        public Optional<ObjectInfo> stat(String key) {
            return Optional.empty();
        }

        @Override
        public void delete(String key) {}

        @Override
        public void purge(String key) {}

        @Override
        public List<ObjectInfo> list(String prefix, String after, int limit) {
            return List.of();
        }

        @Override
        public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
            return List.of();
        }

        @Override
        public void abort(UnfinishedPut put) {}

        @Override
        public void close() {}
    }
}

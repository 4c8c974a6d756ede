package dev.filestore.examples.benchmarks.sink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What is there: names and sizes. The bytes of every object are the same endless pattern. Thread-safe. */
final class SinkObjects {

    /** An object of this folder is there without being put: its name is its size. */
    static final String MADE_UP = "/made-up/";

    /** The pattern; all who read start at their offset into it. */
    static final byte[] PATTERN = pattern();

    private static final Map<Long, Long> CHECKSUMS = new ConcurrentHashMap<>();

    private final Map<String, Long> sizes = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> uploads = new ConcurrentHashMap<>();
    private final AtomicLong lastUpload = new AtomicLong();
    final LongAdder requests = new LongAdder();
    final LongAdder bytes = new LongAdder();

    private static byte[] pattern() {
        byte[] pattern = new byte[64 * 1024];
        long state = 1;
        for (int i = 0; i < pattern.length; i++) {
            state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            pattern[i] = (byte) (state >>> 56);
        }
        return pattern;
    }

    /** The CRC32 of the first bytes of the pattern; read once for each size. */
    static long checksum(long size) {
        return CHECKSUMS.computeIfAbsent(size, length -> {
            CRC32 checksum = new CRC32();
            for (long done = 0; done < length; done += PATTERN.length) {
                checksum.update(PATTERN, 0, (int) Math.min(PATTERN.length, length - done));
            }
            return checksum.getValue();
        });
    }

    /** Keeps an object; false if it is there and must not be. */
    boolean put(String path, long size, boolean createOnly) {
        if (createOnly) {
            return sizes.putIfAbsent(path, size) == null;
        }
        sizes.put(path, size);
        return true;
    }

    @Nullable
    Long size(String path) {
        int folder = path.indexOf(MADE_UP);
        return folder >= 0 ? Long.valueOf(path.substring(folder + MADE_UP.length())) : sizes.get(path);
    }

    void remove(String path) {
        sizes.remove(path);
    }

    String begin() {
        String id = "upload-" + lastUpload.incrementAndGet();
        uploads.put(id, new AtomicLong());
        return id;
    }

    /** Adds a part; false if there is no such upload. */
    boolean add(String id, long size) {
        AtomicLong upload = uploads.get(id);
        return upload != null && upload.addAndGet(size) >= 0;
    }

    /** Ends an upload, and tells its size; null if there is none. */
    @Nullable
    Long end(String id) {
        AtomicLong upload = uploads.remove(id);
        return upload == null ? null : upload.get();
    }

    /** What was there, for the runner to check: {@code objects=1 uploads=0 requests=3 bytes=12}. */
    String counts() {
        return "objects=" + sizes.size() + " uploads=" + uploads.size() + " requests=" + requests.sum() + " bytes="
                + bytes.sum();
    }

    void forget() {
        sizes.clear();
        uploads.clear();
        requests.reset();
        bytes.reset();
    }
}

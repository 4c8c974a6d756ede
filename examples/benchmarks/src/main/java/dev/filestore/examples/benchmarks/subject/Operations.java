package dev.filestore.examples.benchmarks.subject;

import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import dev.filestore.examples.benchmarks.harness.Payload;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;

/** What the process does without a web server, by name. */
final class Operations {

    /** The size of a small file. */
    static final int SMALL_BYTES = 4 * 1024;

    private final Map<String, Operation> all = new TreeMap<>();

    /** Something that is done often. */
    private record Operation(Act act, int bytes) {}

    @FunctionalInterface
    private interface Act {

        void run() throws Exception;
    }

    /** Adds what is done with one storage; {@code scheme} tells it from others. */
    Operations add(String scheme, Rows rows, FileStore store, S3Client best, S3Client defaults, byte[] large) {
        all.put("put-best-" + scheme, new Operation(() -> Puts.best(best, large, 0, large.length), large.length));
        all.put(
                "put-default-" + scheme,
                new Operation(
                        () -> Puts.defaults(defaults, new ByteArrayInputStream(large), large.length), large.length));
        all.put("store-" + scheme, new Operation(() -> upload(store, large), large.length));
        addSmall(scheme, rows, store, best);
        return this;
    }

    /** Adds what is done with a storage that takes its time. */
    Operations addFar(Rows rows, FileStore store, S3Client best) {
        addSmall("far", rows, store, best);
        return this;
    }

    private void addSmall(String scheme, Rows rows, FileStore store, S3Client best) {
        byte[] small = Payload.of(SMALL_BYTES);
        all.put("small-put-best-" + scheme, new Operation(() -> Puts.best(best, small, 0, small.length), small.length));
        all.put("small-store-" + scheme, new Operation(() -> upload(store, small), small.length));
        all.put(
                "small-jdbc-" + scheme,
                new Operation(
                        () -> {
                            String key = Puts.key();
                            long id = rows.begin(key, Payload.nextName());
                            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                            Puts.best(best, small, 0, small.length);
                            rows.end(id, small.length, HexFormat.of().formatHex(sha256.digest(small)));
                        },
                        small.length));
    }

    /** Adds what touches nothing outside. */
    Operations addDigest(byte[] large) {
        all.put(
                "sha256",
                new Operation(
                        () -> {
                            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                            sha256.update(large);
                            sha256.digest();
                        },
                        large.length));
        return this;
    }

    /** The number of bytes is not known to the store. */
    private static void upload(FileStore store, byte[] content) {
        store.upload(UploadRequest.of(Payload.nextName(), new ByteArrayInputStream(content))
                .withDeclaredType(Payload.TYPE)
                .withOwner("123"));
    }

    int bytes(String name) {
        return operation(name).bytes();
    }

    void run(String name, int count) throws Exception {
        Act act = operation(name).act();
        for (int i = 0; i < count; i++) {
            act.run();
        }
    }

    private Operation operation(String name) {
        Operation operation = all.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("no operation " + name + "; there are " + all.keySet());
        }
        return operation;
    }
}

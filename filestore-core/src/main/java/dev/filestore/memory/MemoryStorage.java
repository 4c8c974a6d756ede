package dev.filestore.memory;

import dev.filestore.ByteRange;
import dev.filestore.DescribedObjects;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A storage on the heap, for tests and trials: everything in it ends with the process. An object has to fit a byte
 * array, so that it has at most 2 GiB. Thread-safe.
 */
public final class MemoryStorage implements StorageBackend, DescribedObjects {

    private static final Comparator<String> UTF8_ORDER =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final ConcurrentSkipListMap<String, Content> objects = new ConcurrentSkipListMap<>(UTF8_ORDER);
    private final AtomicLong puts = new AtomicLong();
    private final Clock clock;

    private static final class Content {

        private final byte[] bytes;
        private final Instant writtenAt;
        private final String tag;

        Content(byte[] bytes, Instant writtenAt, String tag) {
            this.bytes = bytes;
            this.writtenAt = writtenAt;
            this.tag = tag;
        }

        ObjectInfo info(String key) {
            return new ObjectInfo(key, bytes.length, writtenAt);
        }
    }

    /** Makes an empty storage that tells the time by the system's clock. */
    public MemoryStorage() {
        this(Clock.systemUTC());
    }

    /**
     * Makes an empty storage.
     *
     * @param clock tells when an object was written
     */
    public MemoryStorage(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        Content content = new Content(source.readAllBytes(), clock.instant(), "\"" + puts.incrementAndGet() + "\"");
        if (objects.putIfAbsent(key, content) != null) {
            throw new StorageException("put " + key + ": an object of that key is there already", null);
        }
        return content.tag;
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        Optional<Content> found = Optional.ofNullable(objects.get(key));
        return found.filter(content -> tag == null || tag.equals(content.tag)).map(content -> {
            int size = content.bytes.length;
            int from = (int) Math.min(range.offset(), size);
            return new ByteArrayInputStream(content.bytes, from, (int) Math.min(range.length(), size - from));
        });
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return Optional.ofNullable(objects.get(key)).map(content -> content.info(key));
    }

    @Override
    public Optional<Description> describe(String key) {
        return Optional.ofNullable(objects.get(key))
                .map(content -> new Description(content.info(key), content.tag, null));
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public void purge(String key) {
        delete(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        boolean fromPrefix = UTF8_ORDER.compare(after, prefix) < 0;
        return objects.tailMap(fromPrefix ? prefix : after, fromPrefix).entrySet().stream()
                .takeWhile(object -> object.getKey().startsWith(prefix))
                .limit(limit)
                .map(object -> object.getValue().info(object.getKey()))
                .toList();
    }

    /** Gives none: a put writes nothing before its end. */
    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        return List.of();
    }

    @Override
    public void abort(UnfinishedPut put) {}

    /** Does nothing: what is stored can still be read. */
    @Override
    public void close() {}
}

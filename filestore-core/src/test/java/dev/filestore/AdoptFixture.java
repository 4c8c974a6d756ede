package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A store over objects that were there before it, with recorded calls that fail where that is asked for. */
final class AdoptFixture {

    static final String KEY = "2019/11/a b/보고서.pdf";
    static final Instant LONG_AGO = Instant.parse("2019-11-05T08:15:30.123456Z");

    final StoreFixture world = new StoreFixture();
    final Objects objects = new Objects();
    final Rows rows = new Rows();
    final FileStore store = builder().build();

    /** What the bucket tells those who read an object past us; null where nobody can. */
    @Nullable
    ObjectHeaders headers;

    /** Happens between the look at an object and the opening of it. */
    Runnable beforeOpen = () -> {};

    /** Happens just before a row is added. */
    Runnable beforeInsert = () -> {};

    FileStore.Builder builder() {
        return world.builder().storage(objects).metadata(rows);
    }

    static AdoptRequest named(String key, String name, @Nullable String contentType) {
        return new AdoptRequest(key, name, "123", 0, contentType, -1, null, null, null);
    }

    void assertRefused(Adoption adoption, Adoption.Kind kind, String... words) {
        assertThat(adoption.kind()).isEqualTo(kind);
        assertThat(adoption.kind().isFine()).isFalse();
        assertThat(adoption.file()).isNull();
        assertThat(adoption.detail()).contains(words);
        assertThat(world.rows()).isEmpty();
    }

    final class Objects extends ForwardingStorage implements DescribedObjects {

        Objects() {
            super(world.storage);
        }

        @Override
        public Optional<Description> describe(String key) {
            return call(
                    "describe",
                    () -> world.storage
                            .describe(key)
                            .map(found -> new Description(found.object(), found.tag(), headers)));
        }

        @Override
        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
            beforeOpen.run();
            return call("open", () -> super.open(key, range, tag));
        }

        private <T> T call(String name, SpiCalls.Body<T, RuntimeException> body) {
            return world.calls.make(name, () -> new StorageException(name + ": failed on purpose", null), body);
        }
    }

    final class Rows extends ForwardingMetadata implements AdoptedRows {

        Rows() {
            super(world.metadata);
        }

        @Override
        public Optional<FileRow> find(long id) {
            return call("find", () -> super.find(id));
        }

        @Override
        public Optional<FileRow> findByKey(String key) {
            return call("findByKey", () -> super.findByKey(key));
        }

        @Override
        public Optional<FileRow> insertAdopted(FileRow row, LongFunction<@Nullable URI> url) {
            beforeInsert.run();
            return call("insertAdopted", () -> world.metadata.insertAdopted(row, url));
        }

        @Override
        public void reserveIds(long highest) {
            call("reserveIds", () -> {
                world.metadata.reserveIds(highest);
                return true;
            });
        }

        private <T> T call(String name, SpiCalls.Body<T, RuntimeException> body) {
            return world.calls.make(name, () -> new MetadataException(name + ": failed on purpose", null), body);
        }
    }

    /** Puts an object where no row names it, and returns its tag. */
    String object(String key, byte[] bytes) {
        try {
            String tag = world.storage.put(
                    key, new ObjectHeaders("text/html", "inline"), new ByteArrayInputStream(bytes), bytes.length);
            assertThat(tag).isNotNull();
            return tag;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String pdf() {
        return object(KEY, StoreFixture.PDF);
    }

    /** All that an application can know of the object that {@link #pdf} puts. */
    static AdoptRequest request() {
        return new AdoptRequest(
                KEY,
                "보고서.pdf",
                "123",
                4711,
                "application/pdf",
                StoreFixture.PDF.length,
                "2b4a9cbce74363c0b52b807f8d27e0e3afea242ff0d7107761306a8fe7496f68",
                LONG_AGO,
                null);
    }

    Adoption apply(AdoptRequest request) {
        return store.adopt(request, Adoption.Mode.APPLY);
    }

    /** The object is as it was, whatever happens from now on for two days; and the row is that of a file, or there is none. */
    void assertNothingIsLost(byte[] bytes, String key) throws IOException {
        world.calls.heal();
        for (int hour = 0; hour < 48; hour += 6) {
            store.sweep();
            world.clock.advance(Duration.ofHours(6));
        }
        assertThat(world.rows()).allMatch(row -> row.state() == FileState.AVAILABLE);
        try (InputStream in = world.storage.open(key, ByteRange.ALL, null).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }
}

package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReadTest {

    private final StoreFixture world = new StoreFixture();

    @Nested
    class Open {

        @Test
        void open_file_costsOneSelectAndOneRead() {
            long id = world.uploaded("123").id();

            assertThat(world.read(id)).isEqualTo(PDF);
            assertThat(world.calls.made()).containsExactly("find", "open");
        }

        @Test
        void open_bytesNotAskedFor_costsOneSelectAndNoRead() throws IOException {
            StoredFile file = world.uploaded("123");

            try (FileContent content = world.store.open(file.id())) {
                assertThat(content.file()).isEqualTo(file);
                assertThat(content.openedAt()).isEqualTo(world.clock.instant());
            }
            assertThat(world.calls.made()).containsExactly("find");
        }

        @Test
        void stream_range_givesThoseBytes() throws IOException {
            assertThat(read(new ByteRange(5, 3))).isEqualTo(Arrays.copyOfRange(PDF, 5, 8));
            assertThat(world.calls.made()).containsExactly("find", "open");
        }

        @Test
        void stream_rangeOverTheEnd_isCut() throws IOException {
            assertThat(read(new ByteRange(PDF.length - 2, 100))).hasSize(2);
        }

        @Test
        void stream_rangeBehindTheEnd_isMisuse() {
            assertThatThrownBy(() -> read(new ByteRange(PDF.length, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(PDF.length));
        }

        private byte[] read(ByteRange range) throws IOException {
            try (FileContent content = world.store.open(world.uploaded("123").id())) {
                return content.stream(range).readAllBytes();
            }
        }

        @Test
        void stream_askedForTwice_isMisuse() throws IOException {
            try (FileContent content = world.store.open(world.uploaded("123").id())) {
                content.stream();
                assertThatThrownBy(content::stream).isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void open_objectMissing_isTheStoragesFault() {
            StoredFile file = world.uploaded("123");
            world.storage.delete(file.key());

            assertThatThrownBy(() -> world.store.open(file.id()).stream())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(file.key());
        }

        @Test
        void open_deletedSinceItsRowWasRead_isMissing() {
            StoredFile file = world.uploaded("123");
            FileStore store = world.builder()
                    .storage(new ForwardingStorage(world.storage) {
                        @Override
                        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                            world.store.delete(file.id());
                            return super.open(key, range, tag);
                        }
                    })
                    .build();

            assertThatThrownBy(() -> store.open(file.id()).stream()).isInstanceOf(FileMissingException.class);
        }

        @Test
        void open_objectShorterThanItsRow_breaksOff() throws IOException {
            StoredFile file = world.uploaded("123");
            replaceObject(file, Arrays.copyOf(PDF, PDF.length - 1));

            try (FileContent content = untagged().open(file.id())) {
                assertThatThrownBy(() -> content.stream().readAllBytes())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(file.key());
            }
        }

        @Test
        void open_objectLongerThanItsRow_givesNoForeignByte() throws IOException {
            StoredFile file = world.uploaded("123");
            replaceObject(file, Arrays.copyOf(PDF, PDF.length + 1));

            try (FileContent content = untagged().open(file.id())) {
                assertThat(content.stream().readAllBytes()).isEqualTo(PDF);
            }
        }

        /** The store on a storage that does not tell an object from another. */
        private FileStore untagged() {
            return world.builder()
                    .storage(new ForwardingStorage(world.storage) {
                        @Override
                        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                            return super.open(key, range, null);
                        }
                    })
                    .build();
        }

        @Test
        void open_anotherObjectThanTheOneThatWasStored_isStorageFailure() throws IOException {
            StoredFile file = world.uploaded("123");
            replaceObject(file, PDF);

            assertThatThrownBy(() -> world.store.open(file.id()).stream(new ByteRange(1, 2)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(file.key());
        }

        @Test
        void open_rowWithoutTag_readsWhateverIsThere() throws IOException {
            StoredFile file = world.uploaded("123");
            replaceObject(file, PDF);
            FileRow row = world.metadata.find(file.id()).orElseThrow();
            world.metadata.compareAndSet(row.toAvailable(row.size(), file.sha256(), null, row.url(), null, null));

            assertThat(world.read(file.id())).isEqualTo(PDF);
        }

        @Test
        void open_wholeFile_asksForTheWholeObject() throws IOException {
            StoredFile file = world.uploaded("123");
            List<ByteRange> asked = new ArrayList<>();
            FileStore store = world.builder()
                    .storage(new ForwardingStorage(world.storage) {
                        @Override
                        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                            asked.add(range);
                            return super.open(key, range, tag);
                        }
                    })
                    .build();

            store.open(file.id()).stream().close();
            store.open(file.id()).stream(new ByteRange(0, PDF.length)).close();
            store.open(file.id()).stream(new ByteRange(0, PDF.length - 1)).close();

            assertThat(asked).containsExactly(ByteRange.ALL, ByteRange.ALL, new ByteRange(0, PDF.length - 1));
        }

        private void replaceObject(StoredFile file, byte[] bytes) throws IOException {
            world.storage.delete(file.key());
            world.storage.put(file.key(), new ObjectHeaders("a/b", "attachment"), new ByteArrayInputStream(bytes), -1);
        }

        @Test
        void open_atTheSecondOfItsExpiry_isMissing() {
            StoredFile file = world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
            world.clock.advance(Duration.ofHours(1));

            assertThatThrownBy(() -> world.store.open(file.id())).isInstanceOf(FileMissingException.class);
            assertThat(world.store.find(file.id())).isEmpty();
            assertThat(world.store.list(FileQuery.of("123")).total()).isZero();
            assertThatThrownBy(() -> world.store.presign(file.id(), Duration.ofHours(1)))
                    .isInstanceOf(FileMissingException.class);
            assertThatThrownBy(() -> world.store.delete(file.id())).isInstanceOf(FileMissingException.class);
        }
    }

    @Nested
    class Lists {

        @Test
        void list_pages_goThroughAllNewestFirst() {
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                ids.add(0, world.uploaded("123").id());
                world.clock.advance(Duration.ofSeconds(i % 2));
            }
            world.uploaded("someone else");

            List<Long> byCursor = new ArrayList<>();
            List<Long> byOffset = new ArrayList<>();
            FilePage page = world.store.list(FileQuery.of("123").withLimit(3));
            while (true) {
                assertThat(page.total()).isEqualTo(7);
                assertThat(world.store
                                .list(FileQuery.of("123").withoutTotal().withLimit(3))
                                .total())
                        .isEqualTo(-1);
                page.files().forEach(file -> byCursor.add(file.id()));
                world.store
                        .list(FileQuery.of("123").withLimit(3).withOffset(byOffset.size()))
                        .files()
                        .forEach(file -> byOffset.add(file.id()));
                String next = page.nextCursor();
                if (next == null) {
                    break;
                }
                page = world.store.list(FileQuery.of("123").withLimit(3).withCursor(next));
            }

            assertThat(byCursor).isEqualTo(ids);
            assertThat(byOffset).isEqualTo(ids);
        }

        @Test
        void list_pageThatEndsWithTheList_hasNoCursor() {
            world.uploaded("123");
            world.uploaded("123");

            assertThat(world.store.list(FileQuery.of("123").withLimit(2)).nextCursor())
                    .isNull();
            assertThat(world.store.list(FileQuery.of("123").withLimit(1)).nextCursor())
                    .isNotNull();
        }

        @Test
        void list_costsTwoSelects() {
            world.uploaded("123");

            world.store.list(FileQuery.of("123"));

            assertThat(world.calls.made()).containsExactly("list", "count");
        }

        @Test
        void list_cursorOfAnotherList_isRefused() {
            for (int i = 0; i < 3; i++) {
                world.uploaded("123");
                world.uploaded("124");
            }
            String cursor = world.store.list(FileQuery.of("123").withLimit(1)).nextCursor();
            assertThat(cursor).isNotNull();

            assertRefused(FileQuery.of("124").withCursor(cursor));
            assertRefused(FileQuery.all().withCursor(cursor));
            assertRefused(FileQuery.of("123").withCategory(Category.DOCUMENT).withCursor(cursor));
            assertRefused(FileQuery.of("123").withCursor(cursor.substring(1)));
            assertRefused(FileQuery.of("123").withCursor("B" + cursor.substring(1)));
            assertRefused(FileQuery.of("123").withCursor(""));
            assertThat(world.store.list(FileQuery.of("123").withCursor(cursor)).files())
                    .hasSize(2);
        }

        @Test
        void list_ofEverybody_hasEverybodysFiles() {
            world.uploaded("123");
            world.uploaded("124");

            assertThat(world.store.list(FileQuery.all()).files())
                    .extracting(StoredFile::owner)
                    .containsExactly("124", "123");
        }

        private void assertRefused(FileQuery query) {
            assertThatThrownBy(() -> world.store.list(query)).isInstanceOf(InvalidCursorException.class);
        }
    }

    @Nested
    class Presign {

        @Test
        void presign_file_opensWithWhatItSigned() throws IOException {
            long id = world.uploaded("123").id();

            SignedUrl signed = world.store.presign(id, Duration.ofHours(24));

            assertThat(signed.url().toString()).startsWith("https://app.example/api/files/" + id + "/content?");
            assertThat(signed.expiresAt()).isEqualTo(Instant.parse("2026-02-27T14:30:22Z"));
            try (FileContent content = openSigned(id, signed.url())) {
                assertThat(content.stream().readAllBytes()).isEqualTo(PDF);
            }
        }

        @Test
        void presign_fileThatExpiresEarlier_endsWithIt() {
            StoredFile file = world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));

            assertThat(world.store.presign(file.id(), Duration.ofHours(24)).expiresAt())
                    .isBeforeOrEqualTo(file.expiresAt());
        }

        @Test
        void openSigned_afterTheEnd_isRefused() {
            long id = world.uploaded("123").id();
            URI url = world.store.presign(id, Duration.ofHours(1)).url();
            world.clock.advance(Duration.ofHours(1));

            assertThatThrownBy(() -> openSigned(id, url)).isInstanceOf(NotAuthorizedException.class);
        }

        @Test
        void openSigned_ofAnotherFileOrTime_isRefused() {
            long id = world.uploaded("123").id();
            long other = world.uploaded("124").id();
            URI url = world.store.presign(id, Duration.ofHours(1)).url();
            Map<String, String> query = query(url);

            assertThatThrownBy(() -> openSigned(other, url)).isInstanceOf(NotAuthorizedException.class);
            assertThatThrownBy(() -> world.store.openSigned(id, "99999999999", "attachment", query.get("signature")))
                    .isInstanceOf(NotAuthorizedException.class);
            assertThatThrownBy(() -> world.store.openSigned(id, "soon", "attachment", "x"))
                    .isInstanceOf(NotAuthorizedException.class);
        }

        @Test
        void openSigned_deletedFile_isMissing() {
            long id = world.uploaded("123").id();
            URI url = world.store.presign(id, Duration.ofHours(1)).url();
            world.store.delete(id);

            assertThatThrownBy(() -> openSigned(id, url)).isInstanceOf(FileMissingException.class);
        }

        @Test
        void presign_nothingToSignWith_isMisuse() {
            FileStore store = FileStore.builder()
                    .storage(world.storage)
                    .metadata(world.metadata)
                    .build();
            long id = world.uploaded("123").id();

            assertThatThrownBy(() -> store.presign(id, Duration.ofHours(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("signedUrls");
        }

        /** What is kept of an answer must not outlive the right to have it. */
        @Test
        void openSigned_file_maybeKeptUntilTheAddressOrTheFileEnds() throws IOException {
            StoredFile lasting = world.uploaded("123");
            StoredFile brief = world.store.upload(pdf("123").withTtl(Duration.ofHours(2)));
            Instant now = Instant.parse("2026-02-26T14:30:22Z");
            URI ofLasting =
                    world.store.presign(lasting.id(), Duration.ofHours(1)).url();
            URI ofBrief = world.store.presign(brief.id(), Duration.ofHours(1)).url();
            world.store.expireAt(brief.id(), now.plusSeconds(1800));

            try (FileContent signed = openSigned(lasting.id(), ofLasting);
                    FileContent shorter = openSigned(brief.id(), ofBrief);
                    FileContent owners = world.store.open(brief.id());
                    FileContent unlimited = world.store.open(lasting.id())) {
                assertThat(signed.endsAt()).isEqualTo(now.plusSeconds(3600));
                assertThat(shorter.endsAt()).isEqualTo(now.plusSeconds(1800));
                assertThat(owners.endsAt()).isEqualTo(now.plusSeconds(1800));
                assertThat(unlimited.endsAt()).isNull();
            }
        }

        private FileContent openSigned(long id, URI url) {
            Map<String, String> query = query(url);
            return world.store.openSigned(id, query.get("expires"), query.get("disposition"), query.get("signature"));
        }

        private Map<String, String> query(URI url) {
            Map<String, String> query = new HashMap<>();
            Matcher parameter = Pattern.compile("([^=&]+)=([^&]*)").matcher(url.getQuery());
            while (parameter.find()) {
                query.put(parameter.group(1), parameter.group(2));
            }
            return query;
        }
    }
}

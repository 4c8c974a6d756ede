package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTest {

    private static final String MANIFEST = "manifest.json";

    @TempDir
    private Path folder;

    private final StoreFixture world = new StoreFixture();
    private Runnable beforeOpen = () -> {};
    private UnaryOperator<InputStream> change = stored -> stored;
    private final FileStore store = world.builder()
            .storage(new ForwardingStorage(new RecordingStorage(world.storage, world.calls)) {
                @Override
                public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                    beforeOpen.run();
                    return super.open(key, range, tag).map(change);
                }
            })
            .build();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
        @Override
        public void close() {
            throw new AssertionError("the stream is the caller's");
        }
    };

    private StoredFile upload(String name, byte[] bytes) {
        world.clock.advance(Duration.ofSeconds(1));
        return store.upload(
                UploadRequest.of(name, new ByteArrayInputStream(bytes)).withOwner("123"));
    }

    /** The entries of what was written, in their order, as a program sees them that knows the directory. */
    private Map<String, byte[]> entries() throws IOException {
        Path archive = Files.write(folder.resolve("export.zip"), out.toByteArray());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            zip.stream().forEach(entry -> entries.put(entry.getName(), bytes(zip, entry)));
        }
        return entries;
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry) {
        try {
            return zip.getInputStream(entry).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String manifest() throws IOException {
        return new String(entries().get(MANIFEST), StandardCharsets.UTF_8);
    }

    private void assertNotAnArchive() throws IOException {
        Path archive = Files.write(folder.resolve("broken.zip"), out.toByteArray());
        assertThatThrownBy(() -> new ZipFile(archive.toFile()).close()).isInstanceOf(ZipException.class);
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).doesNotContain(MANIFEST);
    }

    @Test
    void export_ownersFiles_areWholeAndTheManifestIsLast() throws IOException {
        StoredFile first = upload("문서.pdf", PDF);
        byte[] large = Arrays.copyOf(PDF, 500_000);
        StoredFile second = upload("report (final).pdf", large);
        store.upload(pdf("456"));

        assertThat(store.exportOwner("123", out)).isEqualTo(2);

        assertThat(entries().keySet())
                .containsExactly(
                        "files/" + second.id() + "_report (final).pdf", "files/" + first.id() + "_문서.pdf", MANIFEST);
        assertThat(entries().get("files/" + first.id() + "_문서.pdf")).isEqualTo(PDF);
        assertThat(entries().get("files/" + second.id() + "_report (final).pdf"))
                .isEqualTo(large);
        assertThat(manifest()).isEqualTo("""
                {
                "owner": "123",
                "exported_at": "2026-02-26T14:30:24.123456Z",
                "files": [
                {"id": 2, "original_filename": "report (final).pdf", "size": 500000, "content_type": "application/pdf", \
                "category": "document", "sha256": "%s", "uploaded_at": "2026-02-26T14:30:24.123456Z", \
                "expires_at": null, "path": "files/2_report (final).pdf"},
                {"id": 1, "original_filename": "문서.pdf", "size": 28, "content_type": "application/pdf", \
                "category": "document", "sha256": "%s", "uploaded_at": "2026-02-26T14:30:23.123456Z", \
                "expires_at": null, "path": "files/1_문서.pdf"}
                ],
                "exported": 2,
                "left_out": 0
                }
                """.formatted(second.sha256(), first.sha256()));
    }

    @Test
    void export_archive_isReadFromItsFirstByteOnToo() throws IOException {
        upload("a.pdf", PDF);
        upload("b.pdf", Arrays.copyOf(PDF, 200_000));
        store.exportOwner("123", out);

        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                zip.transferTo(OutputStream.nullOutputStream());
                names.add(entry.getName());
            }
        }
        assertThat(names).containsExactly("files/2_b.pdf", "files/1_a.pdf", MANIFEST);
    }

    @Test
    void export_userWithoutFiles_isAManifestAlone() throws IOException {
        store.upload(pdf("456"));

        assertThat(store.exportOwner("123", out)).isZero();

        assertThat(entries().keySet()).containsExactly(MANIFEST);
        assertThat(manifest()).contains("\"files\": [\n],", "\"exported\": 0");
        assertThatIllegalArgumentException().isThrownBy(() -> store.exportOwner("", out));
    }

    @Test
    void export_moreFilesThanAPage_areAllThere() throws IOException {
        for (int i = 0; i < 201; i++) {
            upload(i + ".pdf", PDF);
        }
        world.calls.clear();

        assertThat(store.exportOwner("123", out)).isEqualTo(201);

        assertThat(entries()).hasSize(202);
        assertThat(world.calls.made().stream().filter("list"::equals)).hasSize(3);
        assertThat(world.calls.made().stream().filter("open"::equals)).hasSize(201);
    }

    @Test
    void export_filesThatNobodySees_areNotInIt() throws IOException {
        store.upload(pdf("123").withTtl(Duration.ofSeconds(10)));
        store.upload(pdf("123").withTtl(Duration.ofSeconds(11)));
        store.delete(upload("deleted.pdf", PDF).id());
        world.clock.advance(Duration.ofSeconds(9));

        assertThat(store.exportOwner("123", out)).isOne();

        assertThat(manifest())
                .contains("\"id\": 2,", "\"expires_at\": \"2026-02-26T14:30:33.123456Z\"")
                .doesNotContain("\"id\": 1,", "\"id\": 3,");
    }

    @Test
    void export_fileThatGoesMeanwhile_isLeftOutAndSaidSo() throws IOException {
        StoredFile oldest = upload("a.pdf", PDF);
        StoredFile expiring = store.upload(pdf("123").withTtl(Duration.ofSeconds(10)));
        upload("c.pdf", PDF);
        beforeOpen = () -> {
            beforeOpen = () -> {};
            store.delete(oldest.id());
            world.clock.advance(Duration.ofSeconds(20));
        };

        assertThat(store.exportOwner("123", out)).isOne();

        assertThat(entries().keySet()).containsExactly("files/3_c.pdf", MANIFEST);
        assertThat(manifest().lines().filter(line -> line.contains("\"path\": null")))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"id\": " + oldest.id() + ","))
                .anyMatch(line -> line.contains("\"id\": " + expiring.id() + ","));
        assertThat(manifest()).contains("\"exported\": 1,", "\"left_out\": 2");
    }

    @Test
    void export_fileThatGoesAsItIsOpened_isLeftOut() throws IOException {
        StoredFile file = upload("a.pdf", PDF);
        beforeOpen = () -> store.delete(file.id());

        assertThat(store.exportOwner("123", out)).isZero();

        assertThat(entries().keySet()).containsExactly(MANIFEST);
        assertThat(manifest()).contains("\"left_out\": 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "../../etc/passwd # passwd",
                "..\\..\\boot.ini # boot.ini",
                "/etc/cron.d/x # x",
                "C:\\x.pdf # x.pdf",
                ".. # file",
                "CON # CON",
                "a.pdf:stream # a.pdf_stream",
                "a<b>c?d*e|f\"g.pdf # a_b_c_d_e_f_g.pdf",
            })
    void export_namesThatSomebodyPutIntoTheTable_leadNowhere(String name, String expected) throws IOException {
        StoredFile file = upload("a.pdf", PDF);
        FileRow row = world.metadata.find(file.id()).orElseThrow();
        world.metadata.compareAndSet(renamed(row, name));

        store.exportOwner("123", out);

        String path = entries().keySet().iterator().next();
        assertThat(path).isEqualTo("files/" + file.id() + "_" + expected);
        assertThat(path.substring("files/".length())).doesNotContain("/", "\\", ":");
        assertThat(Path.of(path).normalize().getParent()).isEqualTo(Path.of("files"));
    }

    private static FileRow renamed(FileRow row, String name) {
        return new FileRow(
                row.id(),
                row.version(),
                row.state(),
                row.dueAt(),
                row.attempts(),
                row.owner(),
                row.key(),
                name,
                row.size(),
                row.contentType(),
                row.category(),
                row.sha256(),
                row.objectTag(),
                row.url(),
                row.cdnUrl(),
                row.uploadedAt(),
                row.expiresAt(),
                row.pendingEvents());
    }

    @Test
    void export_veryLongName_fitsAFileSystemAndKeepsItsExtension() throws IOException {
        upload("문".repeat(240) + ".pdf", PDF);

        store.exportOwner("123", out);

        String name = entries().keySet().iterator().next().substring("files/".length());
        assertThat(name).startsWith("1_문문").endsWith("문.pdf");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(150, 255);
        assertThat(manifest()).contains("\"" + "문".repeat(240) + ".pdf\"");
    }

    @Test
    void manifest_anyText_isEscaped() {
        assertThat(Json.text("a\"b\\c\n\u0001\u2028\ud800x/ü😀"))
                .isEqualTo("\"a\\\"b\\\\c\\u000a\\u0001\\u2028\\ud800x/ü😀\"");
    }

    @Test
    void export_objectIsLost_breaksOff() throws IOException {
        world.storage.delete(upload("a.pdf", PDF).key());
        upload("b.pdf", PDF);

        assertThatThrownBy(() -> store.exportOwner("123", out))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("missing");
        assertNotAnArchive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 299_999})
    void export_otherBytes_breakOff(int position) throws IOException {
        byte[] bytes = Arrays.copyOf(PDF, 300_000);
        StoredFile file = upload("a.pdf", bytes);
        bytes[position] ^= 1;
        change = stored -> new ByteArrayInputStream(bytes);

        assertThatThrownBy(() -> store.exportOwner("123", out))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll(file.key(), "SHA-256");
        assertNotAnArchive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 299_999})
    void export_bytesThatEndEarly_breakOff(int length) throws IOException {
        byte[] bytes = Arrays.copyOf(PDF, 300_000);
        upload("a.pdf", bytes);
        change = stored -> new ByteArrayInputStream(bytes, 0, length);

        assertThatThrownBy(() -> store.exportOwner("123", out)).isInstanceOf(StorageException.class);
        assertNotAnArchive();
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void export_anyCallFails_breaksOff(SpiCalls.Fault fault) throws IOException {
        upload("a.pdf", PDF);
        for (String call : List.of("list", "find", "open")) {
            world.calls.fail(call, fault);
            assertThatThrownBy(() -> store.exportOwner("123", out)).isInstanceOf(FileStoreException.class);
            assertNotAnArchive();
            world.calls.heal();
            out.reset();
        }
        assertThat(store.exportOwner("123", out)).isOne();
    }

    @Test
    void export_streamThatCannotBeWritten_isToldAsItIs() throws IOException {
        upload("a.pdf", Arrays.copyOf(PDF, 300_000));
        IOException full = new IOException("no space left");
        OutputStream failing = new OutputStream() {
            private int left = 100;

            @Override
            public void write(int b) throws IOException {
                throw full;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                left -= length;
                if (left < 0) {
                    throw full;
                }
            }
        };

        assertThatThrownBy(() -> store.exportOwner("123", failing)).isSameAs(full);
    }

    @Test
    void export_threadIsInterrupted_breaksOff() throws IOException {
        upload("a.pdf", PDF);
        change = stored -> {
            Thread.currentThread().interrupt();
            return stored;
        };

        assertThatThrownBy(() -> store.exportOwner("123", out)).isInstanceOf(StorageException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertNotAnArchive();
    }

    @Test
    void export_afterwards_everyObjectIsClosed() throws IOException {
        int[] open = {0};
        change = stored -> {
            open[0]++;
            return new java.io.FilterInputStream(stored) {
                @Override
                public void close() throws IOException {
                    open[0]--;
                    super.close();
                }
            };
        };
        upload("a.pdf", PDF);
        upload("b.pdf", PDF);

        store.exportOwner("123", out);

        assertThat(open[0]).isZero();
    }
}

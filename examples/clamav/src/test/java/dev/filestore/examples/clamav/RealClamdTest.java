package dev.filestore.examples.clamav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.FileQuery;
import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.ScanException;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.local.LocalStorage;
import dev.filestore.memory.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads into a folder, past ClamAV's own daemon. */
@EnabledIf("dev.filestore.examples.clamav.RealClamd#isInstalled")
@Timeout(120)
class RealClamdTest {

    private static final int MEGABYTE = 1 << 20;

    private static RealClamd clamd;

    @TempDir
    private Path folder;

    private final MetadataRepository metadata = new MemoryMetadata();

    @BeforeAll
    static void start() throws Exception {
        clamd = RealClamd.start("StreamMaxLength 8M", "MaxFileSize 4M", "MaxScanSize 16M", "AlertExceedsMax yes");
    }

    @AfterAll
    static void stop() throws Exception {
        clamd.close();
    }

    private FileStore store(String address) {
        return FileStore.builder()
                .storage(new LocalStorage(folder))
                .metadata(metadata)
                .scanner(ClamAvScanner.at(address))
                .build();
    }

    private static UploadRequest request(String name, InputStream content) {
        return UploadRequest.of(name, content).withOwner("123");
    }

    private static byte[] pdf(int size) {
        return Arrays.copyOf("%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII), size);
    }

    /** A PDF with the test file in its last bytes. */
    private static byte[] infectedPdf(int size) {
        byte[] eicar = RealClamd.eicar();
        byte[] pdf = pdf(size);
        System.arraycopy(eicar, 0, pdf, size - eicar.length, eicar.length);
        return pdf;
    }

    private void assertRefused(FileStore store, String name, byte[] content, String finding) throws IOException {
        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> store.upload(request(name, new ByteArrayInputStream(content))))
                .withMessage("The file is infected: the scanner found " + finding)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(FileRefusedException.Reason.INFECTED));
        assertNothingLeft();
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(metadata.listByKey("", "", 10)).isEmpty();
    }

    private List<String> addresses() {
        return List.of(clamd.path(), clamd.hostAndPort());
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 8192, 100_000, 4 * MEGABYTE})
    void upload_clean_isStored(int size) throws IOException {
        for (String address : addresses()) {
            try (FileStore store = store(address)) {
                StoredFile file = store.upload(request("a.pdf", new ByteArrayInputStream(pdf(size))));

                try (var content = store.open(file.id())) {
                    assertThat(content.stream().readAllBytes()).isEqualTo(pdf(size));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 8192, 100_000, 4 * MEGABYTE})
    void upload_testFileInAPdf_isRefusedAndNothingIsLeft(int size) throws IOException {
        for (String address : addresses()) {
            try (FileStore store = store(address)) {
                assertRefused(store, "a.pdf", infectedPdf(size), RealClamd.FOUND);
            }
        }
    }

    /** Packed, the bytes do not stand in the file. */
    @Test
    void upload_testFilePackedIntoADocument_isRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
            zip.write("""
                    <?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
                    <Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.\
                    wordprocessingml.document.main+xml"/></Types>""".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            zip.write("<w:document/>".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("word/embeddings/oleObject1.bin"));
            zip.write(RealClamd.eicar());
        }

        try (FileStore store = store(clamd.path())) {
            assertRefused(store, "a.docx", bytes.toByteArray(), RealClamd.FOUND);
        }
    }

    /** It is not clean, but nobody has looked: the host's limits contradict each other. */
    @Test
    void upload_longerThanStreamMaxLength_failsAndNothingIsLeft() throws IOException {
        for (String address : addresses()) {
            try (FileStore store = store(address)) {
                assertThatExceptionOfType(ScanException.class)
                        .isThrownBy(() -> store.upload(request("a.pdf", new ByteArrayInputStream(pdf(16 * MEGABYTE)))))
                        .satisfies(e -> assertThat(e.getMessage())
                                .containsAnyOf("INSTREAM size limit exceeded. ERROR", "beyond its StreamMaxLength"));
            }
            assertNothingLeft();
        }
    }

    @Test
    void upload_longerThanMaxFileSize_isRefusedWhereAlertExceedsMaxIsOn() throws IOException {
        try (FileStore store = store(clamd.path())) {
            assertRefused(store, "a.pdf", infectedPdf(5 * MEGABYTE), "Heuristics.Limits.Exceeded.MaxFileSize");
        }
    }

    /** So it is by default: docs/scanning.md tells hosts to turn it on. */
    @Test
    void upload_longerThanMaxFileSize_isCalledCleanWhereAlertExceedsMaxIsOff() throws Exception {
        try (RealClamd lenient = RealClamd.start("StreamMaxLength 8M", "MaxFileSize 4M");
                FileStore store = store(lenient.path())) {
            byte[] unseen = infectedPdf(5 * MEGABYTE);

            assertThat(store.upload(request("a.pdf", new ByteArrayInputStream(unseen)))
                            .size())
                    .isEqualTo(unseen.length);
        }
    }

    @Test
    void upload_daemonDiesMeanwhile_failsAndNothingIsLeft() throws Exception {
        try (RealClamd mortal = RealClamd.start();
                FileStore store = store(mortal.hostAndPort())) {
            InputStream killing = new ByteArrayInputStream(pdf(4 * MEGABYTE)) {
                @Override
                public synchronized int read(byte[] buffer, int offset, int length) {
                    if (pos > 2 * MEGABYTE) {
                        mortal.kill();
                    }
                    return super.read(buffer, offset, length);
                }
            };

            assertThatExceptionOfType(ScanException.class)
                    .isThrownBy(() -> store.upload(request("a.pdf", killing)))
                    .withMessageContaining("broke the connection off");
            assertNothingLeft();
            assertThatExceptionOfType(ScanException.class)
                    .isThrownBy(() -> store.upload(request("a.pdf", new ByteArrayInputStream(pdf(100)))))
                    .withMessageContaining("cannot be reached");
            assertNothingLeft();
        }
    }

    @Test
    void upload_manyAtOnce_eachHasItsOwnVerdict() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try (FileStore store = store(clamd.hostAndPort())) {
            List<Future<Boolean>> uploads = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] content = i % 2 == 0 ? pdf(300_000) : infectedPdf(300_000);
                uploads.add(pool.submit(() -> {
                    try {
                        store.upload(request("a.pdf", new ByteArrayInputStream(content)));
                        return true;
                    } catch (FileRefusedException e) {
                        return false;
                    }
                }));
            }
            for (int i = 0; i < uploads.size(); i++) {
                assertThat(uploads.get(i).get()).as("upload " + i).isEqualTo(i % 2 == 0);
            }
            assertThat(store.list(FileQuery.of("123")).total()).isEqualTo(32);
        } finally {
            pool.shutdownNow();
        }
    }
}

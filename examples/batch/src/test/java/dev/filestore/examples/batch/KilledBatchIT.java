package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.FileContent;
import dev.filestore.FilePage;
import dev.filestore.FileQuery;
import dev.filestore.FileRow;
import dev.filestore.FileStore;
import dev.filestore.FreePort;
import dev.filestore.StoredFile;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, killed at random moments and run again, on H2 and the disk. */
class KilledBatchIT {

    private static final String OWNER = "김철수";

    /** So many that the program is still at work when a busy machine lets the test look at last. */
    private static final int FILES = 1_200;

    private static final int KILLS = 6;

    @TempDir
    private Path home;

    /** Buffers are equal where their bytes are. */
    private record Content(String name, ByteBuffer bytes) {}

    @Test
    void run_killedAgainAndAgain_endsWithEachFileOnce() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path tree = tree(random);
        List<Integer> progress = new ArrayList<>();

        for (int kill = 1; kill <= KILLS; kill++) {
            int wanted = FILES * kill / (KILLS + 2);
            Process process = program("--owner", OWNER, "--threads", "4", tree.toString());
            while (objects() < wanted && !process.waitFor(5, TimeUnit.MILLISECONDS)) {
                // Only as far as it is to come this time.
            }
            boolean ended = process.waitFor(random.nextInt(20), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            assertThat(ended)
                    .as("ended before kill %d, seed %d:%n%s", kill, seed, log())
                    .isFalse();
            progress.add(objects());
        }
        assertThat(progress).as("objects after each kill").isSorted().allMatch(objects -> objects < FILES);

        assertThat(exitOf("--owner", OWNER, tree.toString())).as(log()).isZero();
        assertThat(stored()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(local(tree));

        assertThat(exitOf("--owner", OWNER, tree.toString())).isZero();
        assertThat(log()).contains("0 stored, " + FILES + " there already, 0 refused, 0 failed");
        int objects = objectsAfterSweeping();
        assertThat(objects).as("rows beside those of the files: %s", unlisted()).isEqualTo(FILES);
    }

    @Test
    void run_terminated_stopsCleanlyAndGoesOn() throws Exception {
        Path tree = tree(new Random(1));
        Process process = program("--owner", OWNER, "--threads", "2", tree.toString());
        while (objects() < 10 && !process.waitFor(5, TimeUnit.MILLISECONDS)) {
            // It is to be in the middle.
        }
        // By SIGTERM: where the build runs in the background SIGINT may be ignored, and programs inherit that.
        process.destroy();

        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(log()).contains("not reached; run the same command to go on");
        assertThat(exitOf("--owner", OWNER, tree.toString())).isZero();
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(local(tree));
        // What was broken off left nothing, without any sweep.
        assertThat(objects()).isEqualTo(FILES);
    }

    @Test
    void run_someFilesRefused_listsThemAndSaysSoByItsStatus() throws Exception {
        Path tree = Files.createDirectories(home.resolve("tree"));
        Files.writeString(tree.resolve("notes.txt"), "no such type");
        Files.writeString(tree.resolve("a.pdf"), "%PDF-1.7\n");

        assertThat(exitOf("--owner", OWNER, tree.toString())).isEqualTo(1);
        assertThat(log())
                .contains("refused: " + tree.resolve("notes.txt") + ": ", "1 stored, 0 there already, 1 refused");
    }

    @Test
    void run_wrongUsageOrSettings_saysSoByItsStatus() throws Exception {
        assertThat(exitOf("--owner", OWNER)).isEqualTo(2);
        assertThat(log()).contains("the folder is missing", "usage: batch");

        Files.writeString(home.resolve(".env"), "DATABASE_URL=postgres://kim:s3cret@localhost/app\n");
        assertThat(exitOf("sweep")).isEqualTo(2);
        assertThat(log()).contains("DATABASE_URL must be a JDBC URL").doesNotContain("s3cret");
    }

    @Test
    void sweep_freshStore_printsItsReport() throws Exception {
        assertThat(exitOf("sweep")).isZero();
        assertThat(log()).contains("0 uploads given up, 0 files expired, 0 removed, 0 failed");
    }

    @Test
    void check_freshStore_findsNothingWrong_andWithoutABucketSaysWhatToDo() throws Exception {
        assertThat(exitOf("check")).as(log()).isZero();
        assertThat(log())
                .contains("OK       database: table file_uploads", "OK       disk: folders", " 0 failed, 0 unknown");
        assertThat(exitOf("check", "--fast")).isEqualTo(2);

        int port = FreePort.any();
        Files.writeString(
                home.resolve(".env"),
                "AWS_S3_BUCKET=bucket\nAWS_S3_REGION=eu-west-1\nAWS_ACCESS_KEY_ID=ID\nAWS_SECRET_ACCESS_KEY=s3cret\n"
                        + "AWS_ENDPOINT_URL_S3=http://127.0.0.1:" + port + "\n");
        assertThat(exitOf("check")).isEqualTo(1);
        assertThat(log())
                .contains("FAILED   bucket: answer", "Nothing listens at 127.0.0.1:" + port, "1 failed")
                .doesNotContain("s3cret");
    }

    @Test
    void audit_orphanOnDisk_isListedAndRemovedAndThenAllIsClean() throws Exception {
        Path tree = Files.createDirectories(home.resolve("tree"));
        Files.writeString(tree.resolve("a.pdf"), "%PDF-1.7\n");
        assertThat(exitOf("--owner", OWNER, tree.toString())).isZero();
        assertThat(exitOf("audit", "uploads/")).as(log()).isZero();

        Path orphan = home.resolve("data/files/objects/uploads/문서.pdf");
        Files.writeString(orphan, "nobody's");
        Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        assertThat(exitOf("audit", "uploads/")).isZero();
        assertThat(exitOf("audit", "uploads/", "--grace", "1")).isEqualTo(1);
        assertThat(log()).contains("orphan_object: uploads/문서.pdf, found 8 bytes", "1 orphan_object");
        assertThat(orphan).exists();

        assertThat(exitOf("audit", "--grace", "1", "--apply", "orphan_object", "uploads/"))
                .isEqualTo(1);
        assertThat(log()).contains("1 removed");
        assertThat(orphan).doesNotExist();
        assertThat(exitOf("audit", "uploads/", "--grace", "1")).as(log()).isZero();
        assertThat(exitOf("audit")).isEqualTo(2);
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(local(tree));
    }

    @Test
    void exportAndErase_ofAnOwner_giveAllFilesAndLeaveNone() throws Exception {
        Path tree = Files.createDirectories(home.resolve("tree"));
        Files.writeString(tree.resolve("a.pdf"), "%PDF-1.7\n");
        Files.writeString(tree.resolve("b.pdf"), "%PDF-1.7 b\n");
        assertThat(exitOf("--owner", OWNER, tree.toString())).isZero();

        assertThat(exitOf("export", OWNER, home.resolve("export.zip").toString()))
                .as(log())
                .isZero();
        assertThat(home.resolve("export.zip")).isNotEmptyFile();
        assertThat(exitOf("erase", OWNER)).as(log()).isZero();

        assertThat(log()).contains("2 erased, 0 failed", "2 rows with the user's id and file names are left");
        assertThat(stored()).isEmpty();
        assertThat(objects()).isZero();
        assertThat(exitOf("erase")).isEqualTo(2);
    }

    /** Many small files and some larger ones, with names and bytes that occur twice. */
    private Path tree(Random random) throws IOException {
        Path tree = home.resolve("tree");
        for (int i = 0; i < FILES; i++) {
            Path folder = Files.createDirectories(tree.resolve("folder" + i % 7));
            String name = i % 3 == 0 ? "문서" : i % 3 == 1 ? "same" : "n" + i;
            Path file =
                    folder.resolve(Normalizer.normalize(name, Normalizer.Form.NFD) + i / 40 + "-" + i % 30 + ".pdf");
            byte[] bytes = new byte[random.nextInt(i % 100 == 0 ? 2_000_000 : 30_000) + 16];
            // A third of the files has the bytes of another.
            new Random(i % 3 == 1 ? i % 30 : seedOf(i)).nextBytes(bytes);
            byte[] start = "%PDF-1.7\n".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(start, 0, bytes, 0, start.length);
            Files.write(file, i % 3 == 1 ? Arrays.copyOf(bytes, 5_000) : bytes);
        }
        assertThat(local(tree)).hasSize(FILES).hasSizeGreaterThan((int)
                local(tree).stream().distinct().count());
        return tree;
    }

    private static long seedOf(int i) {
        return 1_000_003L * (i + 1);
    }

    private static List<Content> local(Path tree) throws IOException {
        List<Content> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                String name = Normalizer.normalize(file.getFileName().toString(), Normalizer.Form.NFC);
                contents.add(new Content(name, ByteBuffer.wrap(bytes)));
            }
        }
        return contents;
    }

    /** What the owner has, by the bytes that a reader is given. */
    private List<Content> stored() throws IOException {
        List<Content> contents = new ArrayList<>();
        try (Backends backends = backends();
                FileStore store = backends.builder().build()) {
            String cursor = null;
            do {
                FileQuery query = FileQuery.of(OWNER);
                FilePage page = store.list(cursor == null ? query : query.withCursor(cursor));
                for (StoredFile file : page.files()) {
                    try (FileContent content = store.open(file.id());
                            InputStream in = content.stream()) {
                        byte[] bytes = in.readAllBytes();
                        contents.add(new Content(file.originalFilename(), ByteBuffer.wrap(bytes)));
                    }
                }
                cursor = page.nextCursor();
            } while (cursor != null);
        }
        return contents;
    }

    /** The rows of any state that no list shows. */
    private List<FileRow> unlisted() {
        try (Backends backends = backends();
                FileStore store = backends.builder().build()) {
            List<FileRow> rows = new ArrayList<>(backends.metadata().listByKey("", "", 2 * FILES));
            FileQuery query = FileQuery.of(OWNER).withLimit(FileQuery.MAX_LIMIT);
            String cursor = null;
            do {
                FilePage page = store.list(cursor == null ? query : query.withCursor(cursor));
                page.files().forEach(file -> rows.removeIf(row -> row.id() == file.id()));
                cursor = page.nextCursor();
            } while (cursor != null);
            return rows;
        }
    }

    /** How many objects are left when the leases of all that was killed have run out, and their grace too. */
    private int objectsAfterSweeping() throws IOException {
        for (int hours = 1; hours <= 5; hours += 2) {
            try (Backends backends = backends();
                    FileStore store = backends.builder()
                            .clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)))
                            .build()) {
                assertThat(store.sweep().failed()).isZero();
                if (hours == 5) {
                    List<AuditFinding> findings = new ArrayList<>();
                    store.audit(Audit.of("").withGrace(Audit.SHORTEST_GRACE).withFindings(findings::add));
                    assertThat(findings).isEmpty();
                }
            }
        }
        assertThat(filesBelow(home.resolve("data/files/unfinished"))).isZero();
        return objects();
    }

    private Backends backends() {
        return Backends.open(Settings.load(
                home.resolve("none"), Map.of("DATA_DIR", home.resolve("data").toString())));
    }

    private int objects() throws IOException {
        return filesBelow(home.resolve("data/files/objects"));
    }

    private static int filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return (int) files.filter(Files::isRegularFile).count();
        } catch (UncheckedIOException e) {
            // A file went while the folder was read: the next look tells.
            return 0;
        }
    }

    private Process program(String... args) throws IOException {
        return BatchProcess.in(home, args).start();
    }

    private int exitOf(String... args) throws Exception {
        return program(args).waitFor();
    }

    private String log() throws IOException {
        return Files.readString(home.resolve("log"));
    }
}

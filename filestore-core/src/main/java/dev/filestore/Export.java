package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** All files of a user in one ZIP archive, with a list of them at its end. One use, one thread. */
final class Export {

    private static final int PAGE = 100;

    /** Leaves room for the id in the 255 bytes that file systems give a name. */
    private static final int MAX_NAME_BYTES = 200;

    private final Engine engine;
    private final MetadataRepository metadata;
    private final Clock clock;
    private long files;
    private long leftOut;

    Export(Engine engine, MetadataRepository metadata, Clock clock) {
        this.engine = engine;
        this.metadata = metadata;
        this.clock = clock;
    }

    long write(String owner, OutputStream out) throws IOException {
        Instant start = Engine.now(clock);
        try (ZipWriter zip = new ZipWriter(out);
                Spool manifest = new Spool()) {
            put(
                    manifest,
                    "{\n\"owner\": " + Json.text(owner) + ",\n\"exported_at\": " + Json.text(start.toString())
                            + ",\n\"files\": [");
            RowQuery.@Nullable Position after = null;
            List<FileRow> page;
            do {
                page = metadata.list(new RowQuery(owner, null, Engine.now(clock)), after, 0, PAGE);
                for (FileRow row : page) {
                    put(manifest, files + leftOut == 0 ? "\n" : ",\n");
                    put(manifest, entry(zip, row.toStoredFile()));
                    after = new RowQuery.Position(row.uploadedAt(), row.id());
                }
            } while (page.size() == PAGE);
            put(manifest, "\n],\n\"exported\": " + files + ",\n\"left_out\": " + leftOut + "\n}\n");
            zip.entry("manifest.json", start, manifest.size(), Deflater.BEST_SPEED, manifest::copyTo);
            zip.finish();
        }
        return files;
    }

    /** Returns the line of the manifest. */
    private String entry(ZipWriter zip, StoredFile listed) throws IOException {
        try (FileContent content = engine.open(listed.id())) {
            StoredFile file = content.file();
            String path = "files/" + file.id() + "_" + fileName(file.originalFilename());
            InputStream bytes = content.stream();
            zip.entry(path, file.uploadedAt(), file.size(), level(file), out -> {
                if (!StoredBytes.copy(bytes, file, out)) {
                    throw new StorageException(
                            "export " + file.key() + ": its bytes are not those of its SHA-256", null);
                }
            });
            files++;
            return line(file, path);
        } catch (FileMissingException e) {
            // It went since the page was read.
            leftOut++;
            return line(listed, null);
        }
    }

    /** The name as every file system can keep it, behind an id and in one folder. */
    private static String fileName(String originalFilename) {
        String name = FileNames.clean(originalFilename).replaceAll("[\\\\/:*?\"<>|]", "_");
        if (Text.utf8Length(name) <= MAX_NAME_BYTES) {
            return name;
        }
        String extension = FileNames.extension(name);
        return Text.cutToUtf8(name, MAX_NAME_BYTES - Text.utf8Length(extension)) + extension;
    }

    /** What is compressed already only costs time to compress again. */
    private static int level(StoredFile file) {
        String type = file.contentType();
        boolean compressed = type.startsWith("image/")
                || type.startsWith("video/")
                || type.startsWith("audio/")
                || type.startsWith("application/vnd.openxmlformats-officedocument.")
                || type.endsWith("zip");
        return compressed ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED;
    }

    private static String line(StoredFile file, @Nullable String path) {
        Instant expiresAt = file.expiresAt();
        return "{\"id\": " + file.id()
                + ", \"original_filename\": " + Json.text(file.originalFilename())
                + ", \"size\": " + file.size()
                + ", \"content_type\": " + Json.text(file.contentType())
                + ", \"category\": " + Json.text(file.category().name())
                + ", \"sha256\": " + Json.text(file.sha256())
                + ", \"uploaded_at\": " + Json.text(file.uploadedAt().toString())
                + ", \"expires_at\": " + (expiresAt == null ? "null" : Json.text(expiresAt.toString()))
                + ", \"path\": " + (path == null ? "null" : Json.text(path)) + "}";
    }

    private static void put(Spool manifest, String text) throws IOException {
        manifest.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

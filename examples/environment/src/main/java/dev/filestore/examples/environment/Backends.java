package dev.filestore.examples.environment;

import dev.filestore.Checkable;
import dev.filestore.ContentScanner;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.examples.clamav.ClamAvScanner;
import dev.filestore.local.LocalStorage;
import dev.filestore.s3.CloudFrontDomain;
import dev.filestore.s3.CloudFrontInvalidations;
import dev.filestore.s3.CloudFrontSigner;
import dev.filestore.s3.S3Settings;
import dev.filestore.s3.S3StorageBackend;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The storage and the database that the settings name, opened and tried. The names that are looked at are those of
 * {@link S3Settings#fromEnvironment}, {@link CloudFrontDomain#fromEnvironment}, {@link CloudFrontSigner#fromEnvironment} and
 * {@link CloudFrontInvalidations#fromEnvironment} where {@code AWS_S3_BUCKET} is set, else {@code DATA_DIR}; and
 * {@code DATABASE_URL}, {@code DATABASE_USER} and {@code DATABASE_PASSWORD}, else again {@code DATA_DIR}; and {@code CLAMAV_ADDRESS}.
 */
public final class Backends implements AutoCloseable {

    private static final String CLAMAV = "CLAMAV_ADDRESS";

    private final StorageBackend storage;
    private final Database database;
    private final CloudFront cloudFront;
    private final @Nullable ContentScanner scanner;
    private final Settings settings;

    private Backends(
            StorageBackend storage,
            Database database,
            CloudFront cloudFront,
            @Nullable ContentScanner scanner,
            Settings settings) {
        this.storage = storage;
        this.database = database;
        this.cloudFront = cloudFront;
        this.scanner = scanner;
        this.settings = settings;
    }

    /**
     * Opens both, makes the table where it is missing, and looks into the bucket.
     *
     * @param settings which
     * @return the two, to be closed after the store that uses them
     * @throws SettingException if a setting is wrong, or what it names cannot be reached
     */
    public static Backends open(Settings settings) {
        return open(settings, true);
    }

    /**
     * As {@link #open}, without a look into the bucket: for who checks the store, and is to be told more of it.
     *
     * @param settings which
     * @return the two, to be closed after the store that uses them
     * @throws SettingException if a setting is wrong, or its database or folder cannot be reached
     */
    public static Backends openUntried(Settings settings) {
        return open(settings, false);
    }

    private static Backends open(Settings settings, boolean tried) {
        ContentScanner scanner = settings.find(CLAMAV).map(Backends::scanner).orElse(null);
        StorageBackend storage =
                settings.find("AWS_S3_BUCKET").isPresent() ? bucket(settings, tried) : folder(settings);
        CloudFront cloudFront = null;
        try {
            cloudFront = CloudFront.of(settings, storage);
            return new Backends(storage, Database.open(settings), cloudFront, scanner, settings);
        } catch (RuntimeException e) {
            if (cloudFront != null) {
                cloudFront.close();
            }
            storage.close();
            throw e;
        }
    }

    /** Nothing is asked of it yet: it may be about to read its signatures, and until then nothing is stored. */
    private static ContentScanner scanner(String address) {
        try {
            return ClamAvScanner.at(address);
        } catch (IllegalArgumentException e) {
            throw new SettingException(CLAMAV + ": " + e.getMessage(), e);
        }
    }

    private static StorageBackend bucket(Settings settings, boolean tried) {
        S3StorageBackend storage;
        try {
            storage = new S3StorageBackend(S3Settings.fromEnvironment(settings.asMap()));
        } catch (IllegalArgumentException e) {
            throw new SettingException(String.valueOf(e.getMessage()), e);
        }
        if (tried) {
            look(storage, settings);
        }
        return storage;
    }

    private static void look(S3StorageBackend storage, Settings settings) {
        try {
            storage.list("uploads/", "", 1);
        } catch (StorageException e) {
            storage.close();
            String cure = storage.cure(Checkable.Act.LIST, e)
                    .map(text -> System.lineSeparator() + text)
                    .orElse("");
            throw new SettingException(
                    "AWS_S3_BUCKET: the bucket "
                            + settings.find("AWS_S3_BUCKET").orElseThrow() + " cannot be used: "
                            + Database.rootMessage(e) + cure,
                    e);
        }
    }

    private static StorageBackend folder(Settings settings) {
        Path root = files(settings);
        try {
            return new LocalStorage(root);
        } catch (StorageException e) {
            throw new SettingException("DATA_DIR: files cannot be kept in " + root + ": " + Database.rootMessage(e), e);
        }
    }

    private static Path files(Settings settings) {
        return settings.dataDir().resolve("files");
    }

    /**
     * The storage, for who puts something around it.
     *
     * @return the storage, which {@link #close} closes
     */
    public StorageBackend storage() {
        return storage;
    }

    /**
     * The rows, for who looks at them past a store.
     *
     * @return a repository over the database that {@link #close} closes
     */
    public MetadataRepository metadata() {
        return database.rows();
    }

    /**
     * Starts to put a store together on both.
     *
     * @return a builder that has its storage, its rows, its scanner and what belongs to its CDN if there are such
     */
    public FileStore.Builder builder() {
        FileStore.Builder builder = FileStore.builder().storage(storage).metadata(database.rows());
        cloudFront.addTo(builder);
        if (scanner != null) {
            builder.scanner(scanner);
        }
        return builder;
    }

    /** Returns where the bytes and the rows are, in words for the user. */
    @Override
    public String toString() {
        String bytes = settings.find("AWS_S3_BUCKET")
                .map(bucket -> "bucket " + bucket)
                .orElseGet(() -> "folder " + files(settings));
        String scanned = settings.find(CLAMAV)
                .map(address -> "; clamd at " + address + " looks into them")
                .orElse("");
        return "Files are kept in the " + bytes + ", their rows in " + database + scanned;
    }

    @Override
    public void close() {
        cloudFront.close();
        storage.close();
        database.close();
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link MetadataRepository} must pass. A repository's test extends this class, says how to reach the
 * repository, and adds only its own wiring.
 *
 * <p>The table belongs to the tests: each begins by removing every row.
 */
public abstract class MetadataRepositoryContract {

    /** The present, as the tests see it. */
    protected static final Instant NOW = Instant.parse("2026-02-26T14:30:22.123456Z");

    protected static final String SHA256 = "0123456789abcdef".repeat(4);

    /** The order of keys: by their UTF-8 bytes, which is not the order of Java's strings. */
    protected static final Comparator<String> KEY_ORDER =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /** The repository under test. Tests call it several times, and never close it. */
    protected abstract MetadataRepository repository();

    /**
     * Runs the action while another transaction holds the row locked.
     *
     * @return false where nothing outside of a call can hold a row; the action was not run then
     */
    protected abstract boolean whileLocked(FileRow row, Runnable action);

    /** Whether claims pass over rows that another transaction holds locked. Where not, they wait, and then fail. */
    protected boolean passesOverLockedRows() {
        return true;
    }

    @BeforeEach
    void removeEveryRow() {
        List<FileRow> rows;
        do {
            rows = repository().listByKey("", "", 1000);
            rows.forEach(repository()::remove);
        } while (!rows.isEmpty());
    }

    /** A new row of an upload that is under way. */
    protected static FileRow pending(String key) {
        return pending(key, "123", Category.DOCUMENT, NOW);
    }

    protected static FileRow pending(String key, String owner, Category category, Instant uploadedAt) {
        return new FileRow(
                0,
                0,
                FileState.PENDING,
                uploadedAt.plus(Duration.ofMinutes(15)),
                0,
                owner,
                key,
                "document.pdf",
                0,
                "application/pdf",
                category,
                null,
                null,
                null,
                null,
                uploadedAt,
                null,
                PendingEvents.NONE);
    }

    /** The row with another state and the times that go with it. */
    protected static FileRow with(FileRow row, FileState state, @Nullable Instant dueAt, @Nullable Instant expiresAt) {
        return new FileRow(
                row.id(),
                row.version(),
                state,
                dueAt,
                row.attempts(),
                row.owner(),
                row.key(),
                row.originalFilename(),
                1,
                row.contentType(),
                row.category(),
                SHA256,
                null,
                URI.create("https://bucket.s3.us-east-1.amazonaws.com/42"),
                row.cdnUrl(),
                row.uploadedAt(),
                expiresAt,
                row.pendingEvents());
    }

    protected final FileRow inserted(FileRow row) {
        return repository().insert(row).orElseThrow();
    }

    protected final FileRow available(String key, String owner, Category category, Instant uploadedAt) {
        return inserted(with(pending(key, owner, category, uploadedAt), FileState.AVAILABLE, null, null));
    }

    protected final void assertUnchanged(FileRow row) {
        assertThat(repository().find(row.id())).contains(row);
    }

    /** Runs the calls in as many threads, all at once, and returns their results. */
    protected static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> call : calls) {
                running.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return call.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : running) {
                results.add(result.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Nested
    class Insert extends MetadataInsertContract {
        Insert() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class Text extends MetadataTextContract {
        Text() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class Times extends MetadataTimesContract {
        Times() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class Change extends MetadataChangeContract {
        Change() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class Listing extends MetadataListContract {
        Listing() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class Claim extends MetadataClaimContract {
        Claim() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class ByKey extends MetadataByKeyContract {
        ByKey() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class ByOwner extends MetadataByOwnerContract {
        ByOwner() {
            super(MetadataRepositoryContract.this);
        }
    }

    @Nested
    class Adopt extends MetadataAdoptContract {
        Adopt() {
            super(MetadataRepositoryContract.this);
        }
    }
}

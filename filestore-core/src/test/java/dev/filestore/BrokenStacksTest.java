package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MemoryFaultsTest.MemoryStack;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The faults find what is wrong, each defect by what it does to the promise: a check that cannot fail proves nothing. */
@ExtendWith(QuietEngine.class)
class BrokenStacksTest {

    private UnaryOperator<StorageBackend> brokenStorage = storage -> storage;
    private UnaryOperator<MetadataRepository> brokenMetadata = metadata -> metadata;

    /** What is found with one fault at most, in every operation. */
    private List<String> found() {
        MemoryStack memory = new MemoryStack();
        StorageBackend storage = brokenStorage.apply(memory.storage());
        MetadataRepository metadata = brokenMetadata.apply(memory.metadata());
        FaultStack broken = new MemoryStack() {
            @Override
            public StorageBackend storage() {
                return storage;
            }

            @Override
            public MetadataRepository metadata() {
                return metadata;
            }

            @Override
            public void clear() {
                memory.clear();
            }
        };
        List<String> found = new ArrayList<>();
        for (FaultOperation operation : FaultOperations.of(broken)) {
            FaultExplorer.Result result = new FaultExplorer(broken, operation, 1).explore();
            result.violations().forEach(violation -> found.add(operation.name() + " " + violation));
        }
        return found;
    }

    @Test
    void explore_soundStack_findsNothing() {
        assertThat(found()).isEmpty();
    }

    @Test
    void explore_purgeLeavesTheObject_isFound() {
        brokenStorage = storage -> new ForwardingStorage(storage) {
            @Override
            public void purge(String key) {}
        };
        assertThat(found())
                .anyMatch(violation -> violation.contains("put FAILS_AFTER]")
                        && violation.contains("the rows name {}, and the objects are {uploads/"));
    }

    @Test
    void explore_storageKeepsWhatBreaksOff_isFound() {
        brokenStorage = storage -> new ForwardingStorage(storage) {
            @Override
            public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                    throws IOException {
                byte[] buffer = new byte[100_000];
                int count = 0;
                try {
                    int read;
                    while ((read = source.read(buffer, count, buffer.length - count)) > 0) {
                        count += read;
                    }
                } catch (IOException e) {
                    storage.put(key, headers, new ByteArrayInputStream(buffer, 0, count), count);
                    throw e;
                }
                return storage.put(key, headers, new ByteArrayInputStream(buffer, 0, count), count);
            }
        };
        assertThat(found())
                .anyMatch(violation -> violation.contains("source FAILS_BEFORE]")
                        && violation.contains("the rows name {}, and the objects are {uploads/"));
    }

    @Test
    void explore_storageShowsOtherBytes_isFound() {
        brokenStorage = storage -> new ForwardingStorage(storage) {
            @Override
            public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                return super.open(key, range, tag).map(in -> new ByteArrayInputStream(new byte[10_000]));
            }
        };
        assertThat(found()).anyMatch(violation -> violation.contains("readers see partial or foreign bytes"));
    }

    @Test
    void explore_repositoryDoesNotCompare_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public Optional<FileRow> compareAndSet(FileRow next) {
                return metadata.find(next.id())
                        .flatMap(row -> metadata.compareAndSet(next.withIdentity(row.id(), row.version())));
            }
        };
        assertThat(found()).anyMatch(violation -> violation.contains("a file that readers see cannot be read"));
    }

    @Test
    void explore_repositoryLosesUpdates_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public Optional<FileRow> compareAndSet(FileRow next) {
                return next.state() == FileState.AVAILABLE ? Optional.of(next) : super.compareAndSet(next);
            }
        };
        assertThat(found()).anyMatch(violation -> violation.contains("is missing for somebody, and nobody deleted it"));
    }

    @Test
    void explore_repositoryForgetsTheGrace_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public Optional<FileRow> compareAndSet(FileRow next) {
                Optional<FileRow> row = super.compareAndSet(next);
                if (next.state() == FileState.DELETED) {
                    row.ifPresent(this::remove);
                }
                return row;
            }
        };
        assertThat(found())
                .anyMatch(violation -> violation.contains("put LANDS_LATE]")
                        && violation.contains("the rows name {}, and the objects are {uploads/"));
    }

    @Test
    void explore_repositoryHidesRowsOfAnOwner_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public List<FileRow> listByOwner(String owner, RowQuery.Position after, int limit) {
                return List.of();
            }
        };
        assertThat(found())
                .anyMatch(
                        violation -> violation.startsWith("erasure, and again []") && violation.contains("came back"));
    }

    @Test
    void explore_repositoryForgetsWhomToTell_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public Optional<FileRow> compareAndSet(FileRow next) {
                return super.compareAndSet(next.withPendingEvents(PendingEvents.NONE, next.dueAt()))
                        .map(row -> row.withPendingEvents(next.pendingEvents(), next.dueAt()));
            }
        };
        assertThat(found())
                .anyMatch(violation ->
                        violation.contains("listener FAILS_BEFORE]") && violation.contains("no listener heard that "));
    }

    @Test
    void explore_repositoryForgetsTheEnd_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public Optional<FileRow> compareAndSet(FileRow next) {
                return super.compareAndSet(next.withExpiresAt(null));
            }
        };
        assertThat(found()).anyMatch(violation -> violation.contains("expires at null, and not at"));
    }

    @Test
    void explore_repositoryClaimsForGood_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
                return super.claimDue(now, Instant.MAX, limit);
            }
        };
        assertThat(found()).anyMatch(violation -> violation.contains("a row is left DELETING"));
    }

    @Test
    void explore_repositoryShowsWhatIsDeleted_isFound() {
        brokenMetadata = metadata -> new ForwardingMetadata(metadata) {
            @Override
            public boolean remove(FileRow row) {
                return false;
            }
        };
        assertThat(found()).anyMatch(violation -> violation.contains("a row is left "));
    }
}

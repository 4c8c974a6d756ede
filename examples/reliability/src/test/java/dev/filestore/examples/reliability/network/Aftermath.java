package dev.filestore.examples.reliability.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileContent;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.ObjectInfo;
import dev.filestore.SettableClock;
import dev.filestore.StorageBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What must be true when all is well again and every lease and grace is over. */
final class Aftermath {

    private static final Duration LONGER_THAN_ANY_WAIT = Duration.ofHours(7);
    private static final int MOST_SWEEPS = 20;

    private Aftermath() {}

    /** Lets time pass, and sweeps, until no row is left that is not at rest. */
    static void sweepToTheEnd(FileStore store, SettableClock clock, MetadataRepository rows) {
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            clock.advance(LONGER_THAN_ANY_WAIT);
            assertThat(store.sweep().failed()).as("failed").isZero();
            if (rows.listByKey("", "", 1000).stream().allMatch(row -> row.dueAt() == null)) {
                return;
            }
        }
        throw new AssertionError("there is always something to sweep: " + rows.listByKey("", "", 1000));
    }

    /** Every row is a file, has its object in full length, and there is no other object, and nothing unfinished. */
    static void assertOneToOne(MetadataRepository rows, StorageBackend storage, String prefix) {
        List<FileRow> left = rows.listByKey("", "", 1000);
        assertThat(left).allMatch(row -> row.state() == FileState.AVAILABLE);
        Map<String, Long> objects =
                storage.list(prefix, "", 1000).stream().collect(Collectors.toMap(ObjectInfo::key, ObjectInfo::size));
        assertThat(objects).isEqualTo(left.stream().collect(Collectors.toMap(FileRow::key, FileRow::size)));
        assertThat(storage.listUnfinished(prefix, "", 1000)).isEmpty();
    }

    static byte[] read(FileStore store, long id) throws IOException {
        try (FileContent content = store.open(id)) {
            return content.stream().readAllBytes();
        }
    }
}

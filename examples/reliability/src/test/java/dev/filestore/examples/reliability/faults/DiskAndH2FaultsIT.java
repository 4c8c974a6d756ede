package dev.filestore.examples.reliability.faults;

import dev.filestore.FaultContract;
import dev.filestore.FaultStack;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import dev.filestore.jpa.Databases;
import dev.filestore.local.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DiskAndH2FaultsIT extends FaultContract {

    @TempDir
    private static Path folder;

    private static Quiet quiet;
    private static Rows rows;
    private static DiskAndH2 stack;

    @BeforeAll
    static void start() throws SQLException {
        quiet = new Quiet();
        rows = new Rows(Databases.h2());
        stack = new DiskAndH2(folder, rows);
    }

    @AfterAll
    static void stop() {
        rows.close();
        quiet.close();
    }

    @Override
    protected FaultStack stack() {
        return stack;
    }

    @Override
    protected int leastCases() {
        // each fault alone; how many pairs there are is set
        return 2_500;
    }

    private record DiskAndH2(Path root, StorageBackend storage, Rows rows) implements FaultStack {

        DiskAndH2(Path root, Rows rows) {
            this(root, new LocalStorage(root), rows);
        }

        @Override
        public String name() {
            return "disk-h2";
        }

        @Override
        public MetadataRepository metadata() {
            return rows.repository();
        }

        @Override
        public boolean isWatchedAtEachCall() {
            return false;
        }

        @Override
        public int oneInPairs() {
            return Integer.getInteger("faults.oneInPairs", 31);
        }

        @Override
        public List<String> unfinished() {
            try (Stream<Path> files = Files.list(root.resolve("unfinished"))) {
                return files.map(Path::toString).toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void clear() {
            rows.clear();
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(Files::isRegularFile).toList().forEach(DiskAndH2::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path file) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

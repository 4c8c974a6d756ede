package dev.filestore;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;

class MemoryFaultsTest extends FaultContract {

    private final FaultStack stack = new MemoryStack();

    /** The store warns of each thing that goes wrong, with its trace. */
    @BeforeAll
    static void beQuiet() {
        ((Logger) LoggerFactory.getLogger(FileStore.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger(FileStore.class)).setLevel(null);
    }

    @Override
    protected FaultStack stack() {
        return stack;
    }

    @Override
    protected int leastCases() {
        return 120_000;
    }

    /** Storage and repository on the heap. */
    static class MemoryStack implements FaultStack {

        private final StorageBackend storage = new MemoryStorage();
        private final MetadataRepository metadata = new MemoryMetadata();

        @Override
        public String name() {
            return "memory-memory";
        }

        @Override
        public StorageBackend storage() {
            return storage;
        }

        @Override
        public MetadataRepository metadata() {
            return metadata;
        }

        @Override
        public List<String> unfinished() {
            return List.of();
        }

        @Override
        public void clear() {
            storage.list("", "", 1000).forEach(object -> storage.delete(object.key()));
            metadata.listByKey("", "", 1000).forEach(metadata::remove);
        }
    }
}

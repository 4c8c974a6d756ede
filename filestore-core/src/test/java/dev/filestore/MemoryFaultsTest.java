package dev.filestore;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietEngine.class)
class MemoryFaultsTest extends FaultContract {

    private final FaultStack stack = new MemoryStack();

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

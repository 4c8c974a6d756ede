package dev.filestore.memory;

import dev.filestore.FileRow;
import dev.filestore.MetadataRepository;
import dev.filestore.MetadataRepositoryContract;

class MemoryMetadataTest extends MetadataRepositoryContract {

    private final MemoryMetadata metadata = new MemoryMetadata();

    @Override
    protected MetadataRepository repository() {
        return metadata;
    }

    @Override
    protected boolean whileLocked(FileRow row, Runnable action) {
        return false;
    }
}

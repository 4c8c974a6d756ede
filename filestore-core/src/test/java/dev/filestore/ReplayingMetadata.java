package dev.filestore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository whose driver repeats each change after its answer was lost, and so tells that nothing was changed. */
final class ReplayingMetadata implements MetadataRepository {

    private final MetadataRepository metadata;

    ReplayingMetadata(MetadataRepository metadata) {
        this.metadata = metadata;
    }

    @Override
    public Optional<FileRow> compareAndSet(FileRow next) {
        metadata.compareAndSet(next);
        return metadata.compareAndSet(next);
    }

    @Override
    public Optional<FileRow> insert(FileRow row) {
        return metadata.insert(row);
    }

    @Override
    public Optional<FileRow> find(long id) {
        return metadata.find(id);
    }

    @Override
    public Optional<FileRow> findByKey(String key) {
        return metadata.findByKey(key);
    }

    @Override
    public boolean remove(FileRow row) {
        return metadata.remove(row);
    }

    @Override
    public List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {
        return metadata.list(query, after, offset, limit);
    }

    @Override
    public long count(RowQuery query) {
        return metadata.count(query);
    }

    @Override
    public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
        return metadata.claimDue(now, leaseUntil, limit);
    }

    @Override
    public List<FileRow> listByKey(String prefix, String after, int limit) {
        return metadata.listByKey(prefix, after, limit);
    }

    @Override
    public List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit) {
        return metadata.listByOwner(owner, after, limit);
    }

    @Override
    public void close() {
        metadata.close();
    }
}

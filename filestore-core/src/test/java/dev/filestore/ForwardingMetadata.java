package dev.filestore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository that hands every call on, for tests to override what they want to go another way. */
class ForwardingMetadata implements MetadataRepository {

    private final MetadataRepository metadata;

    ForwardingMetadata(MetadataRepository metadata) {
        this.metadata = metadata;
    }

    @Override
    public Optional<FileRow> compareAndSet(FileRow next) {
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

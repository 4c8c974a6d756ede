package dev.filestore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository whose calls are recorded, and fail where that is asked for. */
public final class RecordingMetadata implements MetadataRepository {

    private final MetadataRepository metadata;
    private final SpiCalls calls;

    /**
     * Wraps a repository.
     *
     * @param metadata what does the work
     * @param calls the record
     */
    public RecordingMetadata(MetadataRepository metadata, SpiCalls calls) {
        this.metadata = metadata;
        this.calls = calls;
    }

    @Override
    public Optional<FileRow> insert(FileRow row) {
        return make("insert", () -> metadata.insert(row));
    }

    @Override
    public Optional<FileRow> find(long id) {
        return make("find", () -> metadata.find(id));
    }

    @Override
    public Optional<FileRow> findByKey(String key) {
        return make("findByKey", () -> metadata.findByKey(key));
    }

    @Override
    public Optional<FileRow> compareAndSet(FileRow next) {
        return make("compareAndSet", () -> metadata.compareAndSet(next));
    }

    @Override
    public boolean remove(FileRow row) {
        return make("remove", () -> metadata.remove(row));
    }

    @Override
    public List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {
        return make("list", () -> metadata.list(query, after, offset, limit));
    }

    @Override
    public long count(RowQuery query) {
        return make("count", () -> metadata.count(query));
    }

    @Override
    public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
        return calls.claimed(make("claimDue", () -> metadata.claimDue(now, leaseUntil, limit)));
    }

    @Override
    public List<FileRow> listByKey(String prefix, String after, int limit) {
        return make("listByKey", () -> metadata.listByKey(prefix, after, limit));
    }

    @Override
    public List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit) {
        return make("listByOwner", () -> metadata.listByOwner(owner, after, limit));
    }

    @Override
    public void close() {
        metadata.close();
    }

    private <T> T make(String call, SpiCalls.Body<T, RuntimeException> body) {
        return calls.make(call, () -> new MetadataException(call + ": failed on purpose", null), body);
    }
}

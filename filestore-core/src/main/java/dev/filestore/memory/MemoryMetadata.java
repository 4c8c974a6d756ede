package dev.filestore.memory;

import dev.filestore.AdoptedRows;
import dev.filestore.DueRows;
import dev.filestore.FileRow;
import dev.filestore.MetadataRepository;
import dev.filestore.RowQuery;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows on the heap, gone with the process: for tests and trials. Thread-safe. */
public final class MemoryMetadata implements MetadataRepository, DueRows, AdoptedRows {

    private static final Comparator<String> KEY_ORDER =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final Comparator<FileRow> OLDEST_FIRST =
            Comparator.comparing(FileRow::uploadedAt).thenComparing(FileRow::id);

    private static final Comparator<FileRow> BY_ID = Comparator.comparing(FileRow::id);

    private final Map<Long, FileRow> byId = new HashMap<>();
    private final TreeMap<String, Long> ids = new TreeMap<>(KEY_ORDER);
    private long lastId;

    /** Makes a repository without rows. */
    public MemoryMetadata() {}

    @Override
    public synchronized Optional<FileRow> insert(FileRow row) {
        if (ids.containsKey(row.key())) {
            return Optional.empty();
        }
        return Optional.of(add(row.withIdentity(lastId + 1, 0)));
    }

    @Override
    public synchronized Optional<FileRow> insertAdopted(FileRow row, LongFunction<@Nullable URI> url) {
        if (ids.containsKey(row.key()) || byId.containsKey(row.id())) {
            return Optional.empty();
        }
        long id = row.id() > 0 ? row.id() : lastId + 1;
        return Optional.of(add(row.withIdentity(id, 0).withUrl(url.apply(id))));
    }

    @Override
    public synchronized void reserveIds(long highest) {
        lastId = Math.max(lastId, highest);
    }

    @Override
    public synchronized Optional<FileRow> find(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public synchronized Optional<FileRow> findByKey(String key) {
        return Optional.ofNullable(ids.get(key)).map(byId::get);
    }

    @Override
    public synchronized Optional<FileRow> compareAndSet(FileRow next) {
        return current(next)
                .map(row -> replace(new FileRow(
                        row.id(),
                        row.version() + 1,
                        next.state(),
                        next.dueAt(),
                        next.attempts(),
                        row.owner(),
                        row.key(),
                        next.originalFilename(),
                        next.size(),
                        next.contentType(),
                        row.category(),
                        next.sha256(),
                        next.objectTag(),
                        next.url(),
                        next.cdnUrl(),
                        row.uploadedAt(),
                        next.expiresAt(),
                        next.pendingEvents())));
    }

    @Override
    public synchronized boolean remove(FileRow row) {
        Optional<FileRow> removed = current(row);
        removed.ifPresent(found -> {
            byId.remove(found.id());
            ids.remove(found.key());
        });
        return removed.isPresent();
    }

    @Override
    public synchronized List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {
        boolean ofOne = query.owner() != null;
        return visible(query)
                .filter(row -> after == null || (ofOne ? compare(row, after) : Long.compare(row.id(), after.id())) < 0)
                .sorted(ofOne ? OLDEST_FIRST.reversed() : BY_ID.reversed())
                .skip(offset)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long count(RowQuery query) {
        return visible(query).count();
    }

    @Override
    public synchronized List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
        record Due(Instant at, FileRow row) {}
        List<Due> due = new ArrayList<>();
        for (FileRow row : byId.values()) {
            Instant at = row.dueAt();
            if (at != null && !at.isAfter(now)) {
                due.add(new Due(at, row));
            }
        }
        return due.stream()
                .sorted(Comparator.comparing(Due::at))
                .limit(limit)
                .map(Due::row)
                .map(row -> replace(row.withDueAt(leaseUntil).withIdentity(row.id(), row.version() + 1)))
                .toList();
    }

    @Override
    public synchronized Backlog due(Instant now, int limit) {
        List<Instant> due = byId.values().stream()
                .flatMap(row -> Stream.ofNullable(row.dueAt()))
                .filter(at -> !at.isAfter(now))
                .sorted()
                .limit(limit)
                .toList();
        return new Backlog(due.size(), due.isEmpty() ? null : due.get(0));
    }

    @Override
    public synchronized List<FileRow> listByKey(String prefix, String after, int limit) {
        boolean fromPrefix = KEY_ORDER.compare(prefix, after) > 0;
        return ids.tailMap(fromPrefix ? prefix : after, fromPrefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .limit(limit)
                .flatMap(entry -> Stream.ofNullable(byId.get(entry.getValue())))
                .toList();
    }

    @Override
    public synchronized List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit) {
        return byId.values().stream()
                .filter(row -> row.owner().equals(owner))
                .filter(row -> after == null || compare(row, after) > 0)
                .sorted(OLDEST_FIRST)
                .limit(limit)
                .toList();
    }

    /** Does nothing: there is nothing to give up. */
    @Override
    public void close() {}

    private Optional<FileRow> current(FileRow read) {
        return find(read.id()).filter(row -> row.version() == read.version());
    }

    private FileRow add(FileRow row) {
        lastId = Math.max(lastId, row.id());
        ids.put(row.key(), row.id());
        byId.put(row.id(), row);
        return row;
    }

    private FileRow replace(FileRow row) {
        byId.put(row.id(), row);
        return row;
    }

    private Stream<FileRow> visible(RowQuery query) {
        return byId.values().stream()
                .filter(row -> row.isVisibleAt(query.now()))
                .filter(row -> query.owner() == null || row.owner().equals(query.owner()))
                .filter(row -> query.category() == null || row.category().equals(query.category()));
    }

    /** Less than 0 where the row is older than the place. */
    private static int compare(FileRow row, RowQuery.Position place) {
        int byTime = row.uploadedAt().compareTo(place.uploadedAt());
        return byTime != 0 ? byTime : Long.compare(row.id(), place.id());
    }
}

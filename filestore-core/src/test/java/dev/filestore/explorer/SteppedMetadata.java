package dev.filestore.explorer;

import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.MetadataRepository;
import dev.filestore.PendingEvents;
import dev.filestore.RowQuery;
import dev.filestore.explorer.Call.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The database of a {@link World}: each call is one step, as each transaction is. */
class SteppedMetadata implements MetadataRepository {

    private static final Comparator<FileRow> NEWEST_FIRST =
            Comparator.comparing(FileRow::uploadedAt).thenComparing(FileRow::id).reversed();

    private static final Comparator<FileRow> BY_KEY =
            Comparator.comparing(row -> row.key().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final Turn turn;

    SteppedMetadata(Turn turn) {
        this.turn = turn;
    }

    @Override
    public Optional<FileRow> insert(FileRow row) {
        return turn.call(Kind.ROW_CHANGE, "insert", row, world -> {
            if (isUnique()
                    && world.rows.values().stream()
                            .anyMatch(other -> other.key().equals(row.key()))) {
                return Optional.empty();
            }
            FileRow inserted = row.withIdentity(world.nextId(), 0);
            world.rows.put(inserted.id(), inserted);
            Duration ttl = turn.ttl();
            Instant expiresAt = ttl == null ? null : row.uploadedAt().plus(ttl);
            world.said.begin(inserted.id(), turn.content(), expiresAt);
            return Optional.of(inserted);
        });
    }

    /** Whether no two rows have one key. */
    boolean isUnique() {
        return true;
    }

    @Override
    public Optional<FileRow> find(long id) {
        return turn.call(Kind.ROW_READ, "find", id, world -> Optional.ofNullable(world.rows.get(id)));
    }

    @Override
    public Optional<FileRow> findByKey(String key) {
        return turn.call(
                Kind.ROW_READ,
                "findByKey",
                key,
                world -> world.rows.values().stream()
                        .filter(row -> row.key().equals(key))
                        .findAny());
    }

    @Override
    public Optional<FileRow> compareAndSet(FileRow next) {
        return turn.call(Kind.ROW_CHANGE, "compareAndSet", next, world -> change(world, next));
    }

    private static Optional<FileRow> change(World world, FileRow next) {
        return current(world, next).map(row -> {
            if (next.state().compareTo(row.state()) < 0) {
                throw new Violation("file " + row.id() + " came back: from " + row.state() + " to " + next.state());
            }
            FileRow changed = new FileRow(
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
                    next.pendingEvents());
            world.rows.put(row.id(), changed);
            return changed;
        });
    }

    @Override
    public boolean remove(FileRow row) {
        return turn.call(Kind.ROW_CHANGE, "remove", row, world -> {
            Optional<FileRow> removed = current(world, row);
            removed.ifPresent(found -> world.rows.remove(found.id()));
            return removed.isPresent();
        });
    }

    @Override
    public List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {
        record Page(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {}
        return turn.call(
                Kind.ROW_READ,
                "list",
                new Page(query, after, offset, limit),
                world -> visible(world, query)
                        .filter(row -> after == null || compare(row, after) < 0)
                        .sorted(NEWEST_FIRST)
                        .skip(offset)
                        .limit(limit)
                        .toList());
    }

    @Override
    public long count(RowQuery query) {
        return turn.call(
                Kind.ROW_READ, "count", query, world -> visible(world, query).count());
    }

    @Override
    public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
        record Claim(Instant now, Instant leaseUntil, int limit) {}
        Function<World, List<FileRow>> claim = world -> world.rows.values().stream()
                .filter(row -> row.dueAt() != null && !row.dueAt().isAfter(now))
                .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.dueAt())))
                .limit(limit)
                .toList()
                .stream()
                .flatMap(row -> change(world, row.withDueAt(leaseUntil)).stream())
                .toList();
        return turn.call(Kind.ROW_CHANGE, "claimDue", new Claim(now, leaseUntil, limit), claim);
    }

    @Override
    public List<FileRow> listByKey(String prefix, String after, int limit) {
        record Page(String prefix, String after, int limit) {}
        return turn.call(
                Kind.ROW_READ,
                "listByKey",
                new Page(prefix, after, limit),
                world -> SteppedStorage.page(
                        world.rows.values().stream().sorted(BY_KEY), FileRow::key, prefix, after, limit));
    }

    @Override
    public List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit) {
        record Page(String owner, RowQuery.@Nullable Position after, int limit) {}
        return turn.call(
                Kind.ROW_READ,
                "listByOwner",
                new Page(owner, after, limit),
                world -> world.rows.values().stream()
                        .filter(row -> row.owner().equals(owner))
                        .filter(row -> after == null || compare(row, after) > 0)
                        .sorted(NEWEST_FIRST.reversed())
                        .limit(limit)
                        .toList());
    }

    /** What {@code keep(em, id)} does in a transaction of the host's, which holds the row locked until its commit. */
    boolean keepInTransaction(long id) {
        return inTransaction("commit of keep", id, (row, now) -> {
            Instant due = row.pendingEvents() == PendingEvents.NONE ? null : row.dueAt();
            return row.isVisibleAt(now) ? changed(row, FileState.AVAILABLE, due, null) : null;
        });
    }

    /** What {@code discard(em, id)} does in a transaction of the host's. */
    boolean discardInTransaction(long id) {
        return inTransaction(
                "commit of discard",
                id,
                (row, now) -> row.isVisibleAt(now) ? changed(row, FileState.DELETING, now, row.expiresAt()) : null);
    }

    private boolean inTransaction(String name, long id, BiFunction<FileRow, Instant, @Nullable FileRow> change) {
        Instant now = turn.call(Kind.CLOCK, "clock", "", World::now);
        return turn.call(Kind.ROW_CHANGE, name, id, world -> {
            FileRow row = world.rows.get(id);
            FileRow next = row == null ? null : change.apply(row, now);
            if (next != null) {
                world.rows.put(id, next);
            }
            return next != null;
        });
    }

    private static FileRow changed(FileRow row, FileState state, @Nullable Instant dueAt, @Nullable Instant expiresAt) {
        return new FileRow(
                row.id(),
                row.version() + 1,
                state,
                dueAt,
                row.attempts(),
                row.owner(),
                row.key(),
                row.originalFilename(),
                row.size(),
                row.contentType(),
                row.category(),
                row.sha256(),
                row.objectTag(),
                row.url(),
                row.cdnUrl(),
                row.uploadedAt(),
                expiresAt,
                row.pendingEvents());
    }

    @Override
    public void close() {}

    private static Optional<FileRow> current(World world, FileRow read) {
        return Optional.ofNullable(world.rows.get(read.id())).filter(row -> row.version() == read.version());
    }

    private static Stream<FileRow> visible(World world, RowQuery query) {
        return world.rows.values().stream()
                .filter(row -> row.state() == FileState.AVAILABLE && row.isVisibleAt(query.now()))
                .filter(row -> query.owner() == null || row.owner().equals(query.owner()))
                .filter(row -> query.category() == null || row.category().equals(query.category()));
    }

    private static int compare(FileRow row, RowQuery.Position place) {
        int byTime = row.uploadedAt().compareTo(place.uploadedAt());
        return byTime != 0 ? byTime : Long.compare(row.id(), place.id());
    }
}

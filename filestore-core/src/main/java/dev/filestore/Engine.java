package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What stands behind {@link FileStore} and {@link UserFiles}: the readers' side here, the rest in its two parts. */
final class Engine {

    private static final Duration SHORTEST_CHECK = Duration.ofMillis(1);
    private static final Duration LONGEST_CHECK = Duration.ofMinutes(10);

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final KeyLayout keys;
    private final @Nullable UrlSigner signer;
    private final @Nullable Cdn cdn;
    private final @Nullable HmacUrls hmacUrls;
    private final InlineTypes inlineTypes;
    private final Cursors cursors;
    private final Clock clock;
    private final Uploads uploads;
    private final Removals removals;
    private final Adoptions adoptions;
    private final Lifetimes lifetimes;
    private final Events events;
    private final Observers observers;
    private final Pulse pulse;

    Engine(
            StorageBackend storage,
            MetadataRepository metadata,
            MimePolicy policy,
            @Nullable ContentScanner scanner,
            long maxFilesPerOwner,
            KeyLayout keys,
            @Nullable UrlSigner signer,
            @Nullable HmacUrls hmacUrls,
            @Nullable Cdn cdn,
            InlineTypes inlineTypes,
            Mac mac,
            Events events,
            Observers observers,
            int sweepBatch,
            Clock clock) {
        this.storage = storage;
        this.metadata = metadata;
        this.keys = keys;
        this.signer = signer;
        this.cdn = cdn;
        this.hmacUrls = hmacUrls;
        this.inlineTypes = inlineTypes;
        this.cursors = new Cursors(mac);
        this.clock = clock;
        this.events = events;
        this.observers = observers;
        this.pulse = new Pulse(storage, metadata, clock, System::nanoTime);
        this.removals = new Removals(storage, metadata, events, observers, sweepBatch, clock);
        this.uploads = new Uploads(
                storage,
                metadata,
                policy,
                scanner,
                maxFilesPerOwner,
                keys,
                signer,
                cdn,
                inlineTypes,
                removals,
                events,
                observers,
                clock);
        this.lifetimes = new Lifetimes(metadata, clock);
        // The storage's own addresses name the header fields, and so do the store's.
        boolean readPastUs = cdn != null || (signer != null && signer != storage && signer != hmacUrls);
        ObjectJudge judge = new ObjectJudge(storage, policy, scanner);
        this.adoptions = new Adoptions(storage, metadata, judge, signer, cdn, inlineTypes, readPastUs, clock);
    }

    /** The present, in the precision that every database keeps. */
    static Instant now(Clock clock) {
        return kept(clock.instant());
    }

    /** A moment in the precision that every database keeps. */
    static Instant kept(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MICROS);
    }

    StoredFile upload(UploadRequest request) {
        return uploads.upload(request);
    }

    Adoption adopt(AdoptRequest request, Adoption.Mode mode) {
        return adoptions.adopt(request, mode);
    }

    void reserveIds(long highest) {
        adoptions.reserveIds(highest);
    }

    void delete(long id, Predicate<FileRow> allowed) {
        observers.observe(Operation.Kind.DELETE, id, null, () -> {
            removals.delete(id, allowed);
            return true;
        });
    }

    StoreHealth health() {
        return pulse.health();
    }

    StoreHealth healthOfRows() {
        return pulse.rowsOnly();
    }

    boolean tellsBacklog() {
        return metadata instanceof DueRows;
    }

    CheckReport check(Duration deadline) {
        if (deadline.compareTo(SHORTEST_CHECK) < 0 || deadline.compareTo(LONGEST_CHECK) > 0) {
            throw new IllegalArgumentException(
                    "a step of a check is given 1 millisecond to 10 minutes, found " + deadline);
        }
        return new Checkup(storage, metadata, keys, signer, cdn, removals, deadline, clock).run();
    }

    EraseReport erase(String owner, Consumer<EraseReport> progress) {
        return new Erasure(Caller.requireUserId(owner), metadata, removals, progress, clock).run();
    }

    SweepReport sweep() {
        return removals.sweep();
    }

    StoredFile changeExpiry(long id, Predicate<FileRow> allowed, @Nullable Instant expiresAt) {
        return lifetimes.change(id, allowed, expiresAt);
    }

    AuditReport audit(Audit audit) {
        SecondLook look = new SecondLook(storage, metadata, clock, audit.grace());
        return new AuditRun(storage, metadata, removals, audit, look).run();
    }

    Optional<StoredFile> find(long id) {
        return visible(id, now(clock)).map(FileRow::toStoredFile);
    }

    private Optional<FileRow> visible(long id, Instant now) {
        return metadata.find(id).filter(row -> row.isVisibleAt(now));
    }

    FileRow require(long id) {
        return require(id, now(clock));
    }

    private FileRow require(long id, Instant now) {
        return visible(id, now).orElseThrow(() -> new FileMissingException(id));
    }

    FileContent open(long id) {
        return open(id, null);
    }

    private FileContent open(long id, HmacUrls.@Nullable Grant grant) {
        Instant now = now(clock);
        return new FileContent(this, require(id, now), inlineTypes, grant, now);
    }

    InputStream read(FileRow file, ByteRange range) {
        if (range.offset() >= file.size()) {
            throw new IllegalArgumentException(
                    "the file " + file.id() + " has " + file.size() + " bytes, none at offset " + range.offset());
        }
        long length = Math.min(range.length(), file.size() - range.offset());
        // Storages that keep checksums verify them where the whole object is read, and is asked for as such.
        ByteRange asked = length == file.size() ? ByteRange.ALL : new ByteRange(range.offset(), length);
        Observers.Watch watch = observers.start(Operation.Kind.DOWNLOAD);
        watch.file(file.id(), file.category());
        try {
            InputStream stream =
                    storage.open(file.key(), asked, file.objectTag()).orElseThrow(() -> missing(file));
            watch.leave();
            return new WholeStream(stream, file.key(), length, watch);
        } catch (Throwable e) {
            watch.end(e);
            throw e;
        }
    }

    Verification verify(long id) {
        FileRow file = require(id);
        Verification found = StoredBytes.verify(storage, file);
        if (found != Verification.INTACT) {
            // A file that was deleted while it was read is no finding.
            require(id);
        }
        return found;
    }

    long export(String owner, OutputStream out) throws IOException {
        return new Export(this, metadata, clock).write(Caller.requireUserId(owner), out);
    }

    /** Why a file has no object: it was deleted since its row was read, or the storage lost it. */
    private FileStoreException missing(FileRow file) {
        return find(file.id()).isEmpty()
                ? new FileMissingException(file.id())
                : new StorageException(
                        "open " + file.key() + ": the object is missing, or another than the one that was stored",
                        null);
    }

    FileContent openSigned(long id, String expires, String disposition, String signature) {
        if (hmacUrls == null) {
            throw new NotAuthorizedException("this store signs no addresses");
        }
        return open(id, hmacUrls.verify(id, expires, disposition, signature, clock.instant()));
    }

    FilePage list(FileQuery query) {
        RowQuery rows = new RowQuery(query.owner(), query.category(), now(clock));
        String cursor = query.cursor();
        RowQuery.Position after = cursor == null ? null : cursors.decode(query, cursor);
        // One more than asked for tells whether there is a next page.
        List<FileRow> found = metadata.list(rows, after, query.offset(), query.limit() + 1);
        List<FileRow> page = found.subList(0, Math.min(found.size(), query.limit()));
        String next = null;
        if (found.size() > page.size()) {
            FileRow last = page.get(page.size() - 1);
            next = cursors.encode(query, new RowQuery.Position(last.uploadedAt(), last.id()));
        }
        List<StoredFile> files = page.stream().map(FileRow::toStoredFile).toList();
        long total = query.counted() ? metadata.count(rows) : -1;
        return new FilePage(files, total, query.limit(), query.offset(), next);
    }

    boolean canPresign() {
        return signer != null;
    }

    SignedUrl presign(FileRow file, Duration lifetime, Disposition asked) {
        return observers.observe(Operation.Kind.PRESIGN, file.id(), file.category(), () -> sign(file, lifetime, asked));
    }

    private SignedUrl sign(FileRow file, Duration lifetime, Disposition asked) {
        ObjectHeaders headers = inlineTypes.headers(file.contentType(), file.originalFilename(), asked);
        if (lifetime.isZero() || lifetime.isNegative()) {
            throw new IllegalArgumentException("a signed address lives for more than zero, found " + lifetime);
        }
        if (signer == null) {
            throw new IllegalStateException(
                    "the storage cannot sign addresses: set FileStore.Builder.signedUrls or urls");
        }
        Instant now = now(clock);
        Instant end = now.plus(lifetime);
        Instant expiresAt = file.expiresAt();
        return signer.sign(
                file.toStoredFile(), headers, now, expiresAt != null && expiresAt.isBefore(end) ? expiresAt : end);
    }

    void close() {
        events.close();
        try {
            storage.close();
        } finally {
            metadata.close();
        }
    }
}

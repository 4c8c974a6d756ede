package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a file comes: judged by its first bytes, named by a row, streamed once past the scanner, and then made visible. */
final class Uploads {

    /**
     * How long nothing may be heard of an upload before the sweeper gives it up. Nothing is heard between the last read
     * and the end of the put, which a slow storage may stretch by some tries of some minutes each.
     */
    static final Duration LEASE = Duration.ofMinutes(30);

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final int KEY_ATTEMPTS = 5;

    /**
     * How old a key may be when its row is there. It holds the second of its upload, and is kept reserved for some minutes
     * of those only: later it may be that of a file which somebody is still deleting.
     */
    private static final Duration KEY_FRESHNESS = Duration.ofMinutes(1);

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final MimePolicy policy;
    private final @Nullable ContentScanner scanner;
    private final long maxFilesPerOwner;
    private final KeyLayout keys;
    private final @Nullable UrlSigner signer;
    private final @Nullable Cdn cdn;
    private final InlineTypes inlineTypes;
    private final Removals removals;
    private final Events events;
    private final Observers observers;
    private final Clock clock;

    Uploads(
            StorageBackend storage,
            MetadataRepository metadata,
            MimePolicy policy,
            @Nullable ContentScanner scanner,
            long maxFilesPerOwner,
            KeyLayout keys,
            @Nullable UrlSigner signer,
            @Nullable Cdn cdn,
            InlineTypes inlineTypes,
            Removals removals,
            Events events,
            Observers observers,
            Clock clock) {
        this.storage = storage;
        this.metadata = metadata;
        this.policy = policy;
        this.scanner = scanner;
        this.maxFilesPerOwner = maxFilesPerOwner;
        this.keys = keys;
        this.signer = signer;
        this.cdn = cdn;
        this.inlineTypes = inlineTypes;
        this.removals = removals;
        this.events = events;
        this.observers = observers;
        this.clock = clock;
    }

    StoredFile upload(UploadRequest request) {
        Observers.Watch watch = observers.start(Operation.Kind.UPLOAD);
        try {
            StoredFile file = upload(request, watch);
            watch.end(null);
            return file;
        } catch (Throwable e) {
            watch.end(e);
            throw e;
        }
    }

    private StoredFile upload(UploadRequest request, Observers.Watch watch) {
        watch.enter(Operation.Stage.JUDGE);
        String owner = request.owner();
        if (owner == null) {
            throw new IllegalArgumentException("an upload needs an owner: UploadRequest.withOwner");
        }
        InputStream in;
        try {
            in = request.source().open();
        } catch (IOException e) {
            throw UploadSource.unreadable(e);
        }
        try {
            return upload(request, owner, in, watch);
        } catch (IOException e) {
            throw UploadSource.unreadable(e);
        } finally {
            closeQuietly(in);
        }
    }

    /** Throws an {@link IOException} only where the source does, and nothing was stored. */
    private StoredFile upload(UploadRequest request, String owner, InputStream in, Observers.Watch watch)
            throws IOException {
        String name = FileNames.clean(request.fileName());
        byte[] head = in.readNBytes(MimePolicy.HEAD_BYTES);
        MimePolicy.Verdict verdict = judge(request, name, head);
        MimePolicy.EndCheck end = verdict instanceof MimePolicy.AcceptedSoFar soFar ? soFar.end() : null;
        MimePolicy.Accepted accepted = accepted(verdict);
        watch.file(0, accepted.category());
        if (request.length() > accepted.maxBytes()) {
            throw UploadSource.tooLarge(accepted.maxBytes());
        }
        requireRoom(owner);
        ContentScanner.Upload upload = new ContentScanner.Upload(owner, name, accepted.contentType(), request.length());
        try (Scanning scanning = Scanning.begin(scanner, upload)) {
            watch.enter(Operation.Stage.INSERT);
            FileRow row = insert(owner, name, accepted);
            watch.file(row.id(), row.category());
            Lease lease = new Lease(metadata, row, clock);
            return store(
                    new UploadSource(head, in, request, accepted.maxBytes(), end, scanning, lease),
                    name,
                    request,
                    watch);
        }
    }

    private StoredFile store(UploadSource source, String name, UploadRequest request, Observers.Watch watch)
            throws IOException {
        FileRow row = source.row();
        try {
            watch.enter(Operation.Stage.PUT);
            String tag = put(source, name, request.length());
            watch.enter(Operation.Stage.ACTIVATE);
            FileRow stored = activate(source, tag);
            events.tellStored(stored);
            return stored.toStoredFile();
        } catch (StorageException | MetadataException e) {
            events.failed("upload", row, 1, e);
            throw e;
        } finally {
            watch.bytes(source.count());
        }
    }

    private @Nullable String put(UploadSource source, String name, long length) throws IOException {
        FileRow row = source.row();
        ObjectHeaders headers = inlineTypes.headers(row.contentType(), name, Disposition.INLINE);
        try {
            return storage.put(row.key(), headers, source, length);
        } catch (IOException e) {
            if (e != source.failure()) {
                throw new StorageException("put " + row.key() + ": the storage broke its contract", e);
            }
            // Nothing was written and nothing will be: the one failure that is certain.
            removeRow(source);
            throw source.reason(e);
        } catch (StorageException e) {
            // Bytes may be there, or still come. The row waits for the sweeper, which reads the truth.
            IOException broken = source.failure();
            if (broken == null) {
                throw e;
            }
            // The uploader is told what was wrong with the source; what it left is for the log and the sweeper.
            LOG.warn("a broken upload left something behind, which a sweep will remove", e);
            throw source.reason(broken);
        }
    }

    private MimePolicy.Verdict judge(UploadRequest request, String name, byte[] head) {
        if (head.length == 0) {
            throw new FileRefusedException(
                    FileRefusedException.Reason.EMPTY, "The file has 0 bytes; at least 1 is needed");
        }
        return policy.judge(name, request.declaredType(), head);
    }

    private static MimePolicy.Accepted accepted(MimePolicy.Verdict verdict) {
        if (verdict instanceof MimePolicy.Refused refused) {
            throw UploadSource.refused(refused);
        }
        return verdict instanceof MimePolicy.AcceptedSoFar soFar ? soFar.accepted() : (MimePolicy.Accepted) verdict;
    }

    /** Counts only where there is a limit. */
    private void requireRoom(String owner) {
        if (maxFilesPerOwner < Long.MAX_VALUE
                && metadata.count(new RowQuery(owner, null, Engine.now(clock))) >= maxFilesPerOwner) {
            throw new FileRefusedException(
                    FileRefusedException.Reason.TOO_MANY_FILES,
                    "The user has the " + maxFilesPerOwner + " files that are allowed; delete one first");
        }
    }

    private FileRow insert(String owner, String name, MimePolicy.Accepted accepted) {
        int taken = 0;
        for (int attempt = 0; attempt < KEY_ATTEMPTS; attempt++) {
            Instant now = Engine.now(clock);
            String key = Keys.requireValid(keys.key(owner, name, now, taken));
            Optional<FileRow> row = metadata.insert(pending(owner, name, key, accepted, now));
            if (row.isEmpty()) {
                taken++;
            } else if (Engine.now(clock).isBefore(now.plus(KEY_FRESHNESS))) {
                return row.get();
            } else if (!metadata.remove(row.get())) {
                // Somebody gave this upload up: another row would bring it back.
                throw Lease.lost(row.get());
            }
        }
        throw new IllegalStateException("no key in " + KEY_ATTEMPTS + " attempts: " + taken
                + " were taken, see KeyLayout.key; for each of the others the database took "
                + KEY_FRESHNESS.toSeconds() + " seconds or more");
    }

    private FileRow pending(String owner, String name, String key, MimePolicy.Accepted accepted, Instant now) {
        return new FileRow(
                0,
                0,
                FileState.PENDING,
                now.plus(LEASE),
                0,
                owner,
                key,
                name,
                0,
                accepted.contentType(),
                accepted.category(),
                null,
                null,
                null,
                cdn == null ? null : cdn.urlOf(key),
                now,
                null,
                PendingEvents.NONE);
    }

    private FileRow activate(UploadSource source, @Nullable String tag) {
        String sha256 = source.sha256();
        Optional<FileRow> held = source.settledRow();
        FileRow row = held.orElse(source.row());
        FileRow next = row.toAvailable(
                source.count(),
                sha256,
                tag,
                signer == null ? null : signer.locate(row.id(), row.key()),
                source.expiresAt(),
                events.toldBy());
        return held.flatMap(known -> metadata.compareAndSet(next)).orElseGet(() -> whatBecameOf(next));
    }

    /** Looks at a row that could not be activated: somebody changed it, or the answer to our own change was lost. */
    private FileRow whatBecameOf(FileRow wanted) {
        StorageException lost = Lease.lost(wanted);
        Optional<FileRow> now = metadata.find(wanted.id());
        if (now.filter(row -> isSame(row, wanted)).isPresent()) {
            return now.get();
        }
        // Somebody gave this upload up, and may have looked for its bytes before they came.
        try {
            removeLate(wanted, now.isPresent());
        } catch (StorageException | MetadataException e) {
            lost.addSuppressed(e);
        }
        throw lost;
    }

    /** Where no row is left that stands for the bytes, one is made first: they must not outlive a failure here. */
    private void removeLate(FileRow wanted, boolean hasRow) {
        if (hasRow) {
            storage.purge(wanted.key());
        } else {
            removals.removeOrphan(wanted.key(), wanted.size());
        }
    }

    private static boolean isSame(FileRow row, FileRow wanted) {
        return row.state() == FileState.AVAILABLE && Objects.equals(row.sha256(), wanted.sha256());
    }

    private void removeRow(UploadSource source) {
        try {
            source.settledRow().ifPresent(metadata::remove);
        } catch (MetadataException e) {
            LOG.warn("the row of a broken upload stays until its lease runs out", e);
        }
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // All that was wanted of it was read, or it is the reason of a failure that is told already.
            LOG.debug("the source of an upload could not be closed", e);
        }
    }
}

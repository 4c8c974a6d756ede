package dev.filestore;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How files come whose bytes are there before the library is. Everything is looked at first, and the row, which is never
 * pending, is the one thing that is written: killed at any moment, a file is adopted or it is not.
 */
final class Adoptions {

    /** What nobody knows. Browsers save that, and guess nothing; the second is what S3 writes where nothing was said. */
    private static final Set<String> UNKNOWN = Set.of("application/octet-stream", "binary/octet-stream");

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final ObjectJudge judge;
    private final @Nullable UrlSigner signer;
    private final @Nullable Cdn cdn;
    private final InlineTypes inlineTypes;
    private final boolean readPastUs;
    private final Clock clock;
    private final AtomicLong reserved = new AtomicLong();

    /** @param readPastUs whether addresses are given out under which an object comes with the headers that it was stored with */
    Adoptions(
            StorageBackend storage,
            MetadataRepository metadata,
            ObjectJudge judge,
            @Nullable UrlSigner signer,
            @Nullable Cdn cdn,
            InlineTypes inlineTypes,
            boolean readPastUs,
            Clock clock) {
        this.storage = storage;
        this.metadata = metadata;
        this.judge = judge;
        this.signer = signer;
        this.cdn = cdn;
        this.inlineTypes = inlineTypes;
        this.readPastUs = readPastUs;
        this.clock = clock;
    }

    void reserveIds(long highest) {
        if (highest < 1 || highest > AdoptRequest.MAX_ID) {
            throw new IllegalArgumentException("an id is 1 to " + AdoptRequest.MAX_ID + ", found " + highest);
        }
        if (highest > reserved.get()) {
            rows().reserveIds(highest);
            reserved.accumulateAndGet(highest, Math::max);
        }
    }

    private AdoptedRows rows() {
        if (metadata instanceof AdoptedRows rows) {
            return rows;
        }
        throw new IllegalStateException("the repository cannot adopt files: it is no AdoptedRows");
    }

    Adoption adopt(AdoptRequest request, Adoption.Mode mode) {
        Objects.requireNonNull(mode, "mode");
        AdoptedRows rows = rows();
        Instant now = Engine.now(clock);
        if (request.isOfTheFuture(now)) {
            throw new IllegalArgumentException("the file came at " + request.uploadedAt() + ", which is after " + now);
        }
        if (!Keys.isValid(request.key())) {
            return refused(
                    Adoption.Kind.KEY_NOT_ALLOWED,
                    "a key is 1 to 1,024 bytes in NFC, of segments of 1 to 255 bytes between single slashes, none . or ..,"
                            + " without control characters and backslashes: copy the object to such a key, or upload the file");
        }
        Optional<FileRow> known = metadata.findByKey(request.key());
        if (known.isPresent()) {
            return compare(request, known.get());
        }
        if (request.id() > 0 && metadata.find(request.id()).isPresent()) {
            return idTaken(request);
        }
        Instant expiresAt = request.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            return refused(Adoption.Kind.EXPIRED, "it has expired at " + expiresAt);
        }
        return examine(request, mode, rows);
    }

    private Adoption examine(AdoptRequest request, Adoption.Mode mode, AdoptedRows rows) {
        Optional<DescribedObjects.Description> found = describe(request.key());
        if (found.isEmpty()) {
            return missing();
        }
        DescribedObjects.Description object = found.get();
        long size = object.object().size();
        if (size == 0) {
            return refused(Adoption.Kind.EMPTY, "the object has 0 bytes; at least 1 is needed");
        }
        if (request.size() >= 0 && request.size() != size) {
            return refused(
                    Adoption.Kind.SIZE_DIFFERS,
                    "the object has " + size + " bytes, " + request.size() + " were recorded");
        }
        ObjectJudge.Fit fit = null;
        if (mode != Adoption.Mode.LOOK) {
            ObjectJudge.Judgement judgement = judge.judge(request, object);
            if (judgement instanceof ObjectJudge.Unfit unfit) {
                return unfit.refusal();
            }
            fit = (ObjectJudge.Fit) judgement;
        }
        // Last: headers can be mended, which is in vain for an object that is refused all the same.
        String unsafe = unsafe(object.headers());
        if (unsafe != null) {
            return refused(Adoption.Kind.HEADERS_NOT_SAFE, unsafe);
        }
        if (fit == null) {
            return new Adoption(Adoption.Kind.ADOPTABLE, null, "");
        }
        FileRow row = row(request, object, fit);
        return mode == Adoption.Mode.READ
                ? new Adoption(Adoption.Kind.ADOPTABLE, row.toStoredFile(), "")
                : insert(request, row, rows);
    }

    private Adoption insert(AdoptRequest request, FileRow row, AdoptedRows rows) {
        if (request.id() > 0) {
            // First: an upload at the same time must not be given the id in between.
            reserveIds(request.id());
        }
        return rows.insertAdopted(row, url(row.key()))
                .map(adopted -> new Adoption(Adoption.Kind.ADOPTED, adopted.toStoredFile(), ""))
                .orElseGet(() -> metadata.findByKey(request.key())
                        .map(other -> compare(request, other))
                        .orElseGet(() -> idTaken(request)));
    }

    private LongFunction<@Nullable URI> url(String key) {
        UrlSigner known = signer;
        return id -> known == null ? null : known.locate(id, key);
    }

    private FileRow row(AdoptRequest request, DescribedObjects.Description object, ObjectJudge.Fit fit) {
        Instant recorded = request.uploadedAt();
        Instant uploadedAt = recorded != null ? recorded : timeOf(object.object());
        FileRow row = new FileRow(
                request.id(),
                0,
                FileState.PENDING,
                null,
                0,
                request.owner(),
                request.key(),
                request.originalFilename(),
                0,
                fit.accepted().contentType(),
                fit.accepted().category(),
                null,
                null,
                null,
                cdn == null ? null : cdn.urlOf(request.key()),
                uploadedAt,
                null,
                PendingEvents.NONE);
        URI url = request.id() > 0 ? url(request.key()).apply(request.id()) : null;
        return row.toAvailable(object.object().size(), fit.sha256(), object.tag(), url, request.expiresAt(), null);
    }

    /** Between 1970 and now, as that of every row: disks tell any time that somebody has set. */
    private Instant timeOf(ObjectInfo object) {
        Instant now = Engine.now(clock);
        Instant told = Engine.kept(object.lastModified());
        if (told.isAfter(now)) {
            return now;
        }
        return told.isBefore(Instant.EPOCH) ? Instant.EPOCH : told;
    }

    /** What is to be said of a file that has a row. */
    private Adoption compare(AdoptRequest request, FileRow row) {
        if (row.state() != FileState.AVAILABLE || (request.id() > 0 && request.id() != row.id())) {
            return refused(
                    Adoption.Kind.KEY_TAKEN, "the key is that of the file " + row.id() + ", which is " + row.state());
        }
        Optional<DescribedObjects.Description> object = describe(row.key());
        if (object.isEmpty()) {
            return missing();
        }
        String difference = difference(request, row, object.get());
        return difference == null
                ? new Adoption(Adoption.Kind.ADOPTED_BEFORE, row.toStoredFile(), "")
                : refused(Adoption.Kind.CHANGED, "the file " + row.id() + " is there already, with " + difference);
    }

    private static @Nullable String difference(AdoptRequest request, FileRow row, DescribedObjects.Description object) {
        if (!request.owner().equals(row.owner())) {
            return "another owner";
        }
        if (!request.originalFilename().equals(row.originalFilename())) {
            return "another name";
        }
        if (request.uploadedAt() != null && !request.uploadedAt().equals(row.uploadedAt())) {
            return "another time: " + row.uploadedAt();
        }
        boolean recorded = (request.size() < 0 || request.size() == row.size())
                && (request.sha256() == null || request.sha256().equals(row.sha256()));
        String tag = row.objectTag();
        boolean stored = object.object().size() == row.size()
                && (tag == null || object.tag() == null || tag.equals(object.tag()));
        return recorded && stored ? null : "other bytes";
    }

    /** Why an object cannot be left with the headers it has; null if it can. */
    private @Nullable String unsafe(@Nullable ObjectHeaders headers) {
        if (headers == null || isSaved(headers.contentDisposition())) {
            return null;
        }
        String type = MediaTypes.withoutParameters(headers.contentType());
        if (UNKNOWN.contains(type)) {
            return null;
        }
        if (!MediaTypes.isPlain(type) || InlineTypes.isRun(type)) {
            return "the object itself has " + (type.isEmpty() ? "no Content-Type" : "the Content-Type " + shown(type))
                    + ", so that browsers run it or guess what it is, and no Content-Disposition: attachment";
        }
        return !readPastUs || inlineTypes.areShown(type)
                ? null
                : "the object itself has the Content-Type " + type
                        + " and no Content-Disposition: attachment, so that browsers show it under addresses which do not say"
                        + " otherwise, and that type is not among FileStore.Builder.inline";
    }

    private static String shown(String type) {
        return Text.printable(type, FileNames.MAX_LENGTH);
    }

    private static boolean isSaved(String contentDisposition) {
        String word = contentDisposition.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return word.equals(Disposition.ATTACHMENT.word());
    }

    private Optional<DescribedObjects.Description> describe(String key) {
        return storage instanceof DescribedObjects described
                ? described.describe(key)
                : storage.stat(key).map(object -> new DescribedObjects.Description(object, null, null));
    }

    private static Adoption missing() {
        return refused(Adoption.Kind.OBJECT_MISSING, "there is no object of that key");
    }

    private static Adoption idTaken(AdoptRequest request) {
        return refused(Adoption.Kind.ID_TAKEN, "another file has the id " + request.id());
    }

    static Adoption refused(Adoption.Kind kind, String detail) {
        return new Adoption(kind, null, detail);
    }
}

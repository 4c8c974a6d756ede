package dev.filestore;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps files: the facade for trusted code, which may do everything. Code that acts for a user takes
 * {@link #as(Caller)} instead. Thread-safe; make one, and close it at the end.
 *
 * <p>Every operation is complete when it returns, and leaves nothing half done when it throws, or when the process is
 * killed in the middle of it: what could not be finished on the spot, a {@link #sweep()} finishes.
 *
 * <p>Where nothing else is said, methods throw {@link StorageException} if the storage failed and
 * {@link MetadataException} if the database did; it is then unknown whether the operation took effect.
 */
public final class FileStore implements AutoCloseable {

    private final Engine engine;

    private FileStore(Engine engine) {
        this.engine = engine;
    }

    /**
     * Starts to put a store together.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The store as one caller sees it.
     *
     * @param caller who asks
     * @return a view that allows only what that caller may do
     */
    public UserFiles as(Caller caller) {
        return new UserFiles(engine, Objects.requireNonNull(caller, "caller"));
    }

    /**
     * Stores a file. Reads the source to its end; what it throws ends the upload.
     *
     * @param request the file, with its {@linkplain UploadRequest#withOwner owner}
     * @return the file, which is now safe
     * @throws IllegalArgumentException if the request names no owner
     * @throws FileRefusedException if the file is empty, too large, not of an allowed type, infected, or one too many
     * @throws ScanException if it is unknown whether the file is infected
     * @throws SourceException if the bytes could not be read to their end, or were not those that were announced
     */
    public StoredFile upload(UploadRequest request) {
        return engine.upload(request);
    }

    /**
     * Looks a file up.
     *
     * @param id the file's id
     * @return the file, or empty where there is none, or none any more
     */
    public Optional<StoredFile> find(long id) {
        return engine.find(id);
    }

    /**
     * Opens a file. Nothing is asked of the storage before its bytes are.
     *
     * @param id the file's id
     * @return the file, which the caller closes
     * @throws FileMissingException if there is no such file
     */
    public FileContent open(long id) {
        return engine.open(id);
    }

    /**
     * Opens a file for whoever holds an address that this store signed, see {@link Builder#signedUrls}. Parameters are
     * taken as they stand in the address, percent-decoded; one that is absent is empty.
     *
     * @param id the file's id, from the path of the address
     * @param expires the value of the parameter {@code expires}
     * @param disposition the value of the parameter {@code disposition}
     * @param signature the value of the parameter {@code signature}
     * @return the file, which the caller closes; nothing is asked of the storage before its bytes are
     * @throws NotAuthorizedException if this store did not sign that, or the time is over
     * @throws FileMissingException if there is no such file any more
     */
    public FileContent openSigned(long id, String expires, String disposition, String signature) {
        return engine.openSigned(id, expires, disposition, signature);
    }

    /**
     * Reads a file's bytes again, and compares their number and SHA-256 with what was recorded when they came.
     *
     * @param id the file's id
     * @return what was found
     * @throws FileMissingException if there is no such file, or it was deleted or expired meanwhile
     * @throws StorageException if the storage failed, or broke off: then nothing is known of the bytes. An interrupt of
     *     the thread ends it so, too, and the interrupt flag stays set
     */
    public Verification verify(long id) {
        return engine.verify(id);
    }

    /**
     * Writes all files of a user into one ZIP archive: what a request for a copy of one's data asks for. Each file
     * is {@code files/{id}_{name}}, the newest first; the last entry, {@code manifest.json}, tells of each its id,
     * original name, size, type, category, SHA-256, times and path.
     *
     * <p>The archive holds the files that are there when the call begins. One that is deleted or expires before its turn is
     * left out; its path in the manifest is null. Bytes are held against their size and SHA-256 as they pass. Where
     * anything fails the archive is left without its directory, so that no program takes it for whole; begin again
     * with an empty stream. Memory does not grow with the number of files; what must wait for the end is in temporary files, some
     * 400 bytes for each file, which are gone when the call ends.
     *
     * @param owner the user's id
     * @param out takes the archive; flushed at the end, and left open
     * @return how many files are in the archive
     * @throws IOException if {@code out} or a temporary file could not be written
     * @throws StorageException if the storage failed, has lost an object, or has other bytes than it was given; also if the thread was
     *     interrupted, whose interrupt flag stays set
     */
    public long exportOwner(String owner, OutputStream out) throws IOException {
        return engine.export(owner, Objects.requireNonNull(out, "out"));
    }

    /**
     * Lists files, newest first.
     *
     * @param query which, and which page
     * @return the page
     * @throws InvalidCursorException if the cursor is not one that this list gave
     */
    public FilePage list(FileQuery query) {
        return engine.list(query);
    }

    /**
     * Whether this store has something to sign addresses with: the storage itself, {@link Builder#urls} or
     * {@link Builder#signedUrls}. Never changes.
     *
     * @return false if every {@code presign} throws an IllegalStateException
     */
    public boolean canPresign() {
        return engine.canPresign();
    }

    /**
     * Makes an address under which the file can be read without further credentials for a while. A browser shows it there
     * if {@link Builder#inline} allows its type, and saves it else.
     *
     * @param id the file's id
     * @param lifetime how long at most, more than zero; the address ends earlier where the file expires earlier, or the
     *     credentials that sign it do
     * @return the address and the moment it ends
     * @throws FileMissingException if there is no such file
     * @throws IllegalStateException if there is nothing to sign addresses with, see {@link #canPresign}
     */
    public SignedUrl presign(long id, Duration lifetime) {
        return presign(id, lifetime, Disposition.INLINE);
    }

    /**
     * Makes an address under which the file can be read without further credentials for a while, and says what a browser
     * does there.
     *
     * @param id the file's id
     * @param lifetime how long at most, as above
     * @param disposition {@link Disposition#INLINE} as above; {@link Disposition#ATTACHMENT} to have any file saved. An
     *     address of CloudFront hands the file out as it was stored, whatever is asked for
     * @return the address and the moment it ends
     * @throws FileMissingException if there is no such file
     * @throws IllegalStateException if there is nothing to sign addresses with, see {@link #canPresign}
     */
    public SignedUrl presign(long id, Duration lifetime, Disposition disposition) {
        return engine.presign(engine.require(id), lifetime, disposition);
    }

    /**
     * Deletes a file. From the moment its row is marked no reader sees it; then its bytes are removed, then the row.
     *
     * @param id the file's id
     * @throws FileMissingException if there is no such file. A delete that the storage broke off can be repeated, and
     *     is then finished, until the sweeper has finished it
     */
    public void delete(long id) {
        engine.delete(id, row -> true);
    }

    /**
     * Makes a file temporary, or changes the end of its life. Signed addresses that were given out before are not called
     * back: where the storage itself answers them, they end at the latest with the file's bytes, at a sweep after its
     * expiry.
     *
     * @param id the file's id
     * @param expiresAt the moment from which the file is gone for every reader, in the future and at most 100 years
     *     ahead; kept to the microsecond
     * @return the file as it is now
     * @throws IllegalArgumentException if the moment is not in the future, or too far ahead
     * @throws FileMissingException if there is no such file
     */
    public StoredFile expireAt(long id, Instant expiresAt) {
        return engine.changeExpiry(id, row -> true, Objects.requireNonNull(expiresAt, "expiresAt"));
    }

    /**
     * Makes a file permanent. To do so in a transaction of your own, see {@code dev.filestore.jpa}.
     *
     * @param id the file's id; one that is permanent already stays so
     * @return the file as it is now
     * @throws FileMissingException if there is no such file, or it has expired
     */
    public StoredFile keep(long id) {
        return engine.changeExpiry(id, row -> true, null);
    }

    /**
     * Deletes all that a user has: what a request for the erasure of one's data asks for. Files are deleted as by
     * {@link #delete}, uploads that are under way are given up and fail, deletes that were broken off are finished. Let
     * the user upload nothing more before.
     *
     * <p>Every file and upload whose row was there when the call began is gone for every reader when it returns a report that {@link EraseReport#isDone()
     * is done}; so is most of what came meanwhile. (A row that a node with a clock more than five minutes ahead made
     * may need a second call, that much later.) Where the storage or the database fails at one file, the others follow.
     * Repeatable, also after a crash at any moment and while other calls for the same user run. Memory does not grow with the number of files.
     *
     * <p>Some rows outlive their bytes, as those of every delete do, see {@link EraseReport#waitingUntil()}: that of a file
     * that is younger than five minutes until it is that old; that of an upload under way for an hour; and where there are
     * {@linkplain FileStoreListener listeners}, until they have heard that the file is deleted. {@linkplain #sweep() Sweeps} remove them.
     *
     * @param owner the user's id
     * @return what was done, and what is left
     * @throws MetadataException if the rows could not be listed; what was erased until then is
     */
    public EraseReport eraseOwner(String owner) {
        return eraseOwner(owner, report -> {});
    }

    /**
     * Deletes all that a user has, and tells how far it has come.
     *
     * @param owner the user's id
     * @param progress called now and then by the calling thread; what it throws ends the call
     * @return what was done, and what is left, as from {@link #eraseOwner(String)}
     * @throws MetadataException if the rows could not be listed; what was erased until then is
     */
    public EraseReport eraseOwner(String owner, Consumer<EraseReport> progress) {
        return engine.erase(owner, Objects.requireNonNull(progress, "progress"));
    }

    /**
     * Takes over a file whose object is in the storage and that has no row: what moves an application here which had a table
     * and a bucket of its own. The object stays as it is and is read once; what would refuse it as an upload refuses it here. The
     * row is added as that of a file that is whole, in one step: a call that is killed, or whose outcome is unknown, has adopted the
     * file or it has not, and can be repeated. Nothing is ever removed.
     *
     * <p>Name and type are those that an upload would have got, also at addresses that the storage signs. Where the storage is {@link DescribedObjects},
     * what the store then gives out is this very object and no other that somebody puts in its place; and an object whose own header fields let a
     * browser run it is refused, as is one that a browser would show at the CDN, or at the addresses of {@link Builder#urls}, against
     * {@link Builder#inline}.
     *
     * <p>{@linkplain FileStoreListener Listeners} are not told, and {@link Builder#maxFilesPerOwner} does not count.
     * Nobody may write or remove objects of that key meanwhile, or afterwards, past the store. Objects that are still to be adopted
     * are orphans to an {@linkplain #audit audit}, which must not remove any before all are; and no {@link KeyLayout} may give an upload
     * the key of one, since what is under the key of a failed upload is removed.
     *
     * @param request the file
     * @param mode how far to go
     * @return what became of it, or would
     * @throws IllegalArgumentException if the file is said to have come in the future
     * @throws IllegalStateException if the repository is no {@link AdoptedRows}
     * @throws ScanException if it is unknown whether the file is infected
     */
    public Adoption adopt(AdoptRequest request, Adoption.Mode mode) {
        return engine.adopt(request, mode);
    }

    /**
     * Lets new files have ids above a number from now on. To be called with the highest one before files are adopted that keep their ids,
     * where there may be uploads at the same time: one of those could be given an id that a file still has to get. Repeatable.
     *
     * @param highest 1 to {@link AdoptRequest#MAX_ID}
     * @throws IllegalStateException if the repository is no {@link AdoptedRows}
     */
    public void reserveIds(long highest) {
        engine.reserveIds(highest);
    }

    /**
     * Deals with all that is due now: expired files, uploads that died, deletes that were broken off, and what
     * {@linkplain FileStoreListener listeners} are still to be told. Any number of processes may sweep at once, at any
     * time; killing one does no harm. Works in small batches until nothing is due; an interrupt of the thread ends it
     * after the row at hand, and what it had claimed is due again after some minutes. A row at which the storage or the
     * database fails is put off, for a minute at first and six hours at most, and tried again for ever.
     *
     * @return what was done
     * @see Sweeper
     */
    public SweepReport sweep() {
        return engine.sweep();
    }

    /**
     * Compares the storage to the rows, and removes what is wrong where it is told to. Works on a store that is in use,
     * and needs as much memory for a million files as for a thousand: both lists are read side by side in the order of
     * their keys. Each candidate is looked at again before it is reported, so that what came or went meanwhile is not. One
     * that cannot be looked at is counted and passed over.
     *
     * <p>To stop it, interrupt the thread: it ends between two steps, with a report that says so.
     *
     * @param audit what to compare, and what to do
     * @return what was found and done
     * @throws StorageException if the storage cannot be listed, or not in the order of the keys' UTF-8 bytes
     * @throws MetadataException if the rows cannot be listed
     */
    public AuditReport audit(Audit audit) {
        return engine.audit(audit);
    }

    /**
     * Looks whether the database and the storage answer, and how much work waits for a sweep. Writes nothing, and asks each of
     * them one small question at most once in five seconds, however often it is called: a readiness probe may. While one
     * thread asks, others get the answer before.
     *
     * @return what was found, some seconds old at most
     */
    public StoreHealth health() {
        return engine.health();
    }

    /**
     * As {@link #health()}, with no question to the storage: {@link StoreHealth#storageProblem()} is empty.
     *
     * @return what was found in the database, some seconds old at most
     */
    public StoreHealth databaseHealth() {
        return engine.healthOfRows();
    }

    /**
     * Whether the repository can tell how much work waits for a sweep, so that {@link StoreHealth#backlog()} is told when the database
     * answers. Asks nothing of the database.
     *
     * @return whether it is a {@link DueRows}
     */
    public boolean tellsBacklog() {
        return engine.tellsBacklog();
    }

    /**
     * Looks at what the store needs, one by one, and says of each what is wrong and what to do about it: that rows and objects can be
     * written, read, listed and removed, and what the repository, the storage, the signer and the CDN know to look at themselves if
     * they are {@link Checkable}. To be called at start, by hand or by a deployment; not for a liveness or readiness probe, which
     * has {@link #health()}: a check writes, takes a second or more, and sends some 25 requests to a bucket.
     *
     * <p>It writes one object, under a key of the store's own {@linkplain KeyLayout layout} for the user {@code filestore-check}, and
     * removes it. A row that no reader sees names it before, so that a sweep removes what a killed check leaves; the row itself
     * goes at a sweep an hour later. May be called at any time, by any number of threads and nodes.
     *
     * <p>A bad world is a finding, and never an exception. An interrupt of the thread ends the check: what was not
     * looked at is unknown, and the interrupt flag stays set.
     *
     * @return what was found. Each step is given 10 seconds
     */
    public CheckReport check() {
        return check(Duration.ofSeconds(10));
    }

    /**
     * As {@link #check()}, with another deadline. What has not answered by then has failed; the database, the storage, the signer
     * and the CDN are each given up at the first step that is late.
     *
     * @param deadline how long each step may take, 1 millisecond to 10 minutes
     * @return what was found
     * @throws IllegalArgumentException if the deadline is out of range
     */
    public CheckReport check(Duration deadline) {
        return engine.check(deadline);
    }

    /**
     * Closes the storage and the repository, after some seconds at most in which listeners hear what they are still to be
     * told. No operation may be running or follow. Repeatable.
     */
    @Override
    public void close() {
        engine.close();
    }

    /** Puts a store together. Not thread-safe. */
    public static final class Builder {

        private @Nullable StorageBackend storage;
        private @Nullable MetadataRepository metadata;
        private MimePolicy policy = AllowedTypes.standard();
        private @Nullable ContentScanner scanner;
        private KeyLayout keys = new UploadsKeyLayout();
        private @Nullable UrlSigner urls;
        private @Nullable URI signedUrlBase;
        private @Nullable Cdn cdn;
        private InlineTypes inlineTypes = InlineTypes.of(InlineTypes.STANDARD);
        private List<byte[]> secrets = List.of();
        private final List<FileStoreListener> listeners = new ArrayList<>();
        private @Nullable Executor listenerExecutor;
        private final List<OperationObserver> observers = new ArrayList<>();
        private long maxFilesPerOwner = Long.MAX_VALUE;
        private int sweepBatch = 50;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Sets where the bytes are kept. Required.
         *
         * @param storage the storage, which the store closes
         * @return this
         */
        public Builder storage(StorageBackend storage) {
            this.storage = Objects.requireNonNull(storage, "storage");
            return this;
        }

        /**
         * Sets where the rows are kept. Required.
         *
         * @param metadata the repository, which the store closes
         * @return this
         */
        public Builder metadata(MetadataRepository metadata) {
            this.metadata = Objects.requireNonNull(metadata, "metadata");
            return this;
        }

        /**
         * Sets which files are accepted; {@link AllowedTypes#standard()} if not called.
         *
         * @param policy the policy
         * @return this
         */
        public Builder policy(MimePolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets what looks into every upload, whoever makes it, before it is stored; nothing if not called.
         *
         * @param scanner the scanner, which stays the caller's
         * @return this
         */
        public Builder scanner(ContentScanner scanner) {
            this.scanner = Objects.requireNonNull(scanner, "scanner");
            return this;
        }

        /**
         * Sets how many files one owner may have; any number if not called. Times the largest size that the
         * {@linkplain #policy policy} accepts, it bounds the bytes that one user can store. Costs a count of the owner's
         * files at each upload; uploads of one owner that run at the same time may go beyond it, by their number.
         *
         * @param files at least 1
         * @return this
         */
        public Builder maxFilesPerOwner(long files) {
            if (files < 1) {
                throw new IllegalArgumentException("an owner may have at least 1 file, found a limit of " + files);
            }
            this.maxFilesPerOwner = files;
            return this;
        }

        /**
         * Sets how objects are named; {@code uploads/user/yyyyMMdd_HHmmss_name} if not called.
         *
         * @param keys the layout
         * @return this
         */
        public Builder keys(KeyLayout keys) {
            this.keys = Objects.requireNonNull(keys, "keys");
            return this;
        }

        /**
         * Sets what signs addresses; the storage itself if it is a {@link UrlSigner} and this is not called.
         *
         * @param urls the signer
         * @return this
         */
        public Builder urls(UrlSigner urls) {
            this.urls = Objects.requireNonNull(urls, "urls");
            return this;
        }

        /**
         * Lets the store sign addresses itself, for a storage that cannot: {@code base/42/content?expires=..&disposition=..&signature=..},
         * signed with the {@linkplain #secret secret}, and good below that base alone. Whatever answers at {@code base} hands them to
         * {@link FileStore#openSigned}; the servlet does.
         *
         * @param base the absolute address that the servlet is mounted at, such as
         *     {@code https://app.example/api/files}
         * @return this
         */
        public Builder signedUrls(URI base) {
            if (!base.isAbsolute() || base.isOpaque() || base.getRawQuery() != null || base.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "the base of signed addresses is absolute, without query and fragment, found " + base);
            }
            this.signedUrlBase = base;
            return this;
        }

        /**
         * Sets the CDN in front of the storage; none if not called.
         *
         * @param cdn the CDN
         * @return this
         */
        public Builder cdn(Cdn cdn) {
            this.cdn = Objects.requireNonNull(cdn, "cdn");
            return this;
        }

        /**
         * Sets which content types a browser may show on the spot; if not called JPEG, PNG, GIF, WebP, MP4 and QuickTime. All
         * others it is told to save, in the servlet's answers, in signed addresses, and by the objects that are stored
         * from now on.
         *
         * <p>PDF is not among them, and may be added: a viewer runs the scripts of a document, though away from the page's
         * origin, and shows whatever links it has.
         *
         * @param contentTypes types and subtypes in lower case, without parameters; none to have every file saved
         * @return this
         * @throws IllegalArgumentException if browsers run what is in one of them: HTML, SVG and any XML, scripts, multipart
         *     and the like
         */
        public Builder inline(Set<String> contentTypes) {
            this.inlineTypes = InlineTypes.of(contentTypes);
            return this;
        }

        /**
         * Sets the secret that cursors and signed addresses are made with. Every process that serves the same clients
         * needs the same one; if not called it is random, and what was signed ends with the process.
         *
         * <p>To change it, first give all processes the new one as a previous one, then make it the secret and the old one the
         * previous, and leave that out when the longest-lived address that it signed has ended.
         *
         * @param secret at least 32 bytes, used for nothing else
         * @param previous secrets that sign nothing any more, or nothing yet, and whose signatures hold; each at least 32 bytes
         * @return this
         */
        public Builder secret(byte[] secret, byte[]... previous) {
            List<byte[]> all = new ArrayList<>();
            all.add(secret.clone());
            for (byte[] other : previous) {
                all.add(other.clone());
            }
            for (byte[] each : all) {
                if (each.length < 32) {
                    throw new IllegalArgumentException("a secret has at least 32 bytes, found " + each.length);
                }
            }
            this.secrets = all;
            return this;
        }

        /**
         * Adds somebody who hears what becomes of files. With a listener, an upload and a delete cost one more statement
         * of the database each, behind their answer.
         *
         * @param listener the listener
         * @return this
         */
        public Builder listener(FileStoreListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Adds one who is told of every operation as it ends, such as for metrics. More than one can be added.
         *
         * @param observer is told
         * @return this
         */
        public Builder observer(OperationObserver observer) {
            observers.add(Objects.requireNonNull(observer, "observer"));
            return this;
        }

        /**
         * Sets what the listeners run on; one thread of the store's own, with a bounded queue, if not called.
         *
         * @param executor the executor, which stays the caller's. What it rejects a sweep tells later
         * @return this
         */
        public Builder listenerExecutor(Executor executor) {
            this.listenerExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets how many rows a sweep claims at a time; 50 if not called. What a killed sweep had claimed waits for five
         * minutes.
         *
         * @param rows 1 to 1,000
         * @return this
         */
        public Builder sweepBatch(int rows) {
            if (rows < 1 || rows > 1_000) {
                throw new IllegalArgumentException("a sweep claims 1 to 1,000 rows at a time, found " + rows);
            }
            this.sweepBatch = rows;
            return this;
        }

        /**
         * Sets where the time comes from; the system's clock if not called.
         *
         * @param clock the clock
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Makes the store. Touches neither the storage nor the database.
         *
         * @return the store
         * @throws IllegalStateException if the storage or the repository was not set
         */
        public FileStore build() {
            StorageBackend bytes = storage;
            MetadataRepository rows = metadata;
            if (bytes == null || rows == null) {
                throw new IllegalStateException("a store needs a storage and a metadata repository");
            }
            Mac mac = Mac.of(secrets);
            HmacUrls hmacUrls = signedUrlBase == null ? null : new HmacUrls(signedUrlBase, mac);
            UrlSigner signer = urls != null ? urls : bytes instanceof UrlSigner own ? own : hmacUrls;
            Events events = new Events(listeners, listenerExecutor, rows, clock);
            Observers watching = new Observers(observers);
            FileStore store = new FileStore(new Engine(
                    bytes,
                    rows,
                    policy,
                    scanner,
                    maxFilesPerOwner,
                    keys,
                    signer,
                    hmacUrls,
                    cdn,
                    inlineTypes,
                    mac,
                    events,
                    watching,
                    sweepBatch,
                    clock));
            watching.built(store);
            return store;
        }
    }
}

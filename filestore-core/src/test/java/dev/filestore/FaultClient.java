package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Who uses the store in a {@link FaultCase}, notes what it promises, and holds its answers against that. */
final class FaultClient {

    private static final String OWNER = "123";

    /** More than the head by which a type is told, so that there is a place between that and the end. */
    private static final int SMALL = MimePolicy.HEAD_BYTES + 1000;

    private final FaultCase world;
    private final FaultLedger ledger;

    FaultClient(FaultCase world, FaultLedger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    void advance(Duration step) {
        world.advance(step);
    }

    FaultLedger.Entry file(String name) {
        return ledger.file(name, SMALL);
    }

    FaultLedger.Entry fileOfTwoParts(String name) {
        return ledger.file(name, world.partSizeBytes() + SMALL);
    }

    /** The first file of the case. */
    FaultLedger.Entry first() {
        return ledger.entries().get(0);
    }

    /** A file that was uploaded. */
    FaultLedger.Entry stored(String name) {
        FaultLedger.Entry file = file(name);
        upload(file);
        return file;
    }

    /** A file that was uploaded and is to expire. */
    FaultLedger.Entry stored(String name, Duration ttl) {
        FaultLedger.Entry file = file(name);
        upload(file, ttl);
        return file;
    }

    /** An upload whose process dies at that call, or place. */
    void uploadDyingAt(String call, FaultLedger.Entry file) {
        world.process().diesAt(call);
        upload(file);
    }

    /** An upload whose process dies when a half of the bytes was taken by the storage. */
    void uploadDyingInSource(FaultLedger.Entry file) {
        world.process().diesInSource();
        upload(file);
    }

    /** A delete whose process dies at that call. */
    void deleteDyingAt(String call, FaultLedger.Entry file) {
        world.process().diesAt(call);
        delete(file);
    }

    void upload(FaultLedger.Entry file) {
        upload(file, request -> request);
    }

    void uploadOfKnownLength(FaultLedger.Entry file) {
        upload(file, request -> request.withLength(file.content.length));
    }

    void upload(FaultLedger.Entry file, Duration ttl) {
        file.ttl = ttl;
        upload(file, request -> request.withTtl(ttl));
    }

    private void upload(FaultLedger.Entry file, UnaryOperator<UploadRequest> with) {
        Source source = new Source(file.content);
        UploadRequest request = UploadRequest.of(file.name, source).withOwner(OWNER);
        world.attempt(
                false,
                store -> ledger.stored(file, store.upload(with.apply(request))),
                failure -> refusedIfSource(file, failure));
    }

    /** Of this source a half comes, and then it breaks off. */
    void uploadBreakingOff(FaultLedger.Entry file) {
        Source source = new Source(file.content);
        source.broken = true;
        world.attempt(
                true,
                store -> ledger.stored(
                        file, store.upload(UploadRequest.of(file.name, source).withOwner(OWNER))),
                failure -> refusedIfSource(file, failure));
        ledger.refused(file);
    }

    private void refusedIfSource(FaultLedger.Entry file, FileStoreException failure) {
        if (failure instanceof SourceException) {
            ledger.refused(file);
        }
    }

    void delete(FaultLedger.Entry file) {
        Long id = file.id;
        if (id == null) {
            return;
        }
        boolean alone = !file.isUnwanted() && !file.mayHaveExpired(world.now());
        ledger.unwanted(file);
        world.attempt(
                !alone,
                store -> {
                    store.delete(id);
                    ledger.gone(file, world.now());
                },
                failure -> {
                    if (failure instanceof FileMissingException) {
                        ledger.missing(file, world.now());
                    }
                });
    }

    /** Gives a file another end of its life. */
    void expireIn(FaultLedger.Entry file, Duration life) {
        Instant end = world.now().plus(life);
        change(file, end, (store, id) -> store.expireAt(id, end));
    }

    /** Gives a file a life without end. */
    void keep(FaultLedger.Entry file) {
        change(file, Instant.MAX, FileStore::keep);
    }

    private void change(FaultLedger.Entry file, Instant end, BiFunction<FileStore, Long, StoredFile> change) {
        Long id = Objects.requireNonNull(file.id);
        ledger.changing(file, end);
        world.attempt(
                file.isUnwanted() || file.mayHaveExpired(world.now()),
                store -> ledger.changed(file, end, change.apply(store, id)),
                failure -> {
                    if (failure instanceof FileMissingException) {
                        ledger.gone(file, world.now());
                    }
                });
    }

    /** Reads a file again and holds it against its record. */
    void verify(FaultLedger.Entry file) {
        Long id = Objects.requireNonNull(file.id);
        boolean gone = isGone(file);
        world.attempt(
                false,
                store -> judge(file, gone, store.verify(id) == Verification.INTACT),
                failure -> judgeMissing(file, gone, failure));
    }

    /**
     * All files of the user are to go. One of which somebody was told is gone when that is answered; an upload that is
     * just under way need not have a row yet.
     */
    void erase() {
        List<FaultLedger.Entry> files = List.copyOf(ledger.entries());
        files.forEach(ledger::unwanted);
        List<FaultLedger.Entry> known =
                files.stream().filter(file -> file.id != null).toList();
        world.attempt(
                true,
                store -> {
                    if (store.eraseOwner(OWNER).isDone()) {
                        known.forEach(file -> ledger.gone(file, world.now()));
                    }
                },
                failure -> {});
    }

    void find(FaultLedger.Entry file) {
        Long id = Objects.requireNonNull(file.id);
        boolean gone = isGone(file);
        world.attempt(false, store -> judge(file, gone, store.find(id).isPresent()), failure -> {});
    }

    void list() {
        FaultLedger.Entry[] files = ledger.entries().toArray(FaultLedger.Entry[]::new);
        boolean[] gone = new boolean[files.length];
        for (int i = 0; i < files.length; i++) {
            gone[i] = isGone(files[i]);
        }
        world.attempt(
                false,
                store -> {
                    Set<Long> ids = new HashSet<>();
                    store.list(FileQuery.all().withOwner(OWNER)).files().forEach(found -> ids.add(found.id()));
                    for (int i = 0; i < files.length; i++) {
                        judge(files[i], gone[i], ids.contains(files[i].id));
                    }
                },
                failure -> {});
    }

    void presign(FaultLedger.Entry file) {
        Long id = Objects.requireNonNull(file.id);
        boolean gone = isGone(file);
        world.attempt(
                false,
                store -> {
                    SignedUrl url = store.presign(id, Duration.ofDays(7));
                    judge(file, gone, true);
                    if (file.hasExpired(url.expiresAt().minusNanos(1))) {
                        world.report("an address of " + file + " outlives it");
                    }
                },
                failure -> judgeMissing(file, gone, failure));
    }

    /** Opens and reads a file, with a place in the middle where things happen. */
    void read(FaultLedger.Entry file) {
        Long id = Objects.requireNonNull(file.id);
        boolean gone = isGone(file);
        FaultProcess process = world.process();
        world.attempt(
                false,
                store -> {
                    byte[] content = file.content;
                    try (InputStream in = store.open(id).stream()) {
                        byte[] half = in.readNBytes(content.length / 2);
                        process.point(CallFault.READ);
                        byte[] rest = in.readAllBytes();
                        judge(file, gone, true);
                        if (!Arrays.equals(content, 0, half.length, half, 0, half.length)
                                || !Arrays.equals(content, half.length, content.length, rest, 0, rest.length)) {
                            world.report("a reader of " + file + " got other bytes");
                        }
                    } catch (IOException e) {
                        throw new SourceException("the reader saw the bytes break off", e);
                    }
                },
                failure -> judgeMissing(file, gone, failure));
    }

    void sweep() {
        world.attempt(false, FileStore::sweep, failure -> {});
    }

    private boolean isGone(FaultLedger.Entry file) {
        return file.isGone() || file.hasExpired(world.now());
    }

    private void judgeMissing(FaultLedger.Entry file, boolean wasGone, FileStoreException failure) {
        if (failure instanceof FileMissingException) {
            judge(file, wasGone, false);
        }
    }

    /** Holds an answer against what was so when the question was asked, and what is so now. */
    private void judge(FaultLedger.Entry file, boolean wasGone, boolean found) {
        if (found && wasGone) {
            world.report(file + " was found after it had gone");
        }
        if (!found && !file.isUnwanted() && !file.mayHaveExpired(world.now())) {
            world.report(file + " was not found, and nobody deleted it");
        }
    }

    /** The bytes of an upload, with places at the start, in the middle and before the end where things happen. */
    private final class Source extends InputStream {

        private final byte[] content;
        private final int middle;
        private final FaultProcess process = world.process();
        private int position;
        private int places;
        private boolean broken;

        Source(byte[] content) {
            this.content = content;
            int part = world.partSizeBytes();
            int first = part > 0 && part < content.length ? part : MimePolicy.HEAD_BYTES;
            this.middle = (content.length + first) / 2;
        }

        @Override
        public int read() {
            throw new AssertionError("read in bulk");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int stop = position < middle ? middle : content.length;
            if (places == 0 || (places == 1 && position == middle) || (places == 2 && position == content.length)) {
                places++;
                process.point(CallFault.SOURCE);
            }
            if (broken && position == middle) {
                throw new IOException("the client is gone");
            }
            if (position == content.length) {
                return -1;
            }
            int read = Math.min(length, stop - position);
            System.arraycopy(content, position, buffer, offset, read);
            position += read;
            return read;
        }
    }
}

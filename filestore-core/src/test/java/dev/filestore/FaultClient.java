package dev.filestore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Who uses the store in a {@link FaultCase}, notes what it promises, and holds its answers against that. */
final class FaultClient {

    private static final String OWNER = "123";

    /** More than the head by which a type is told, so that there is a place between that and the end. */
    private static final int SMALL = MimePolicy.HEAD_BYTES + 1000;

    /** Finds and removes whatever no row knows of. */
    static final Audit AUDIT = Audit.of("uploads/")
            .withApply(EnumSet.of(AuditFinding.Kind.ORPHAN_OBJECT, AuditFinding.Kind.STALE_UPLOAD), 100)
            .withImplausibleShare(1);

    private final FaultCase world;
    private final FaultLedger ledger;
    private int erasing;

    FaultClient(FaultCase world, FaultLedger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    void advance(Duration step) {
        world.advance(step);
    }

    FaultLedger.Entry file(String name) {
        return file(name, SMALL);
    }

    FaultLedger.Entry fileOfTwoParts(String name) {
        return file(name, world.stack().partSizeBytes() + SMALL);
    }

    private FaultLedger.Entry file(String name, int size) {
        FaultLedger.Entry file = ledger.file(name, size);
        if (erasing > 0) {
            ledger.unwanted(file);
        }
        return file;
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
        FaultSource source = source(file);
        UploadRequest request = UploadRequest.of(file.name, source).withOwner(OWNER);
        world.attempt(
                false,
                store -> ledger.stored(file, store.upload(with.apply(request))),
                failure -> refusedIfSource(file, failure));
    }

    /** Of this source a half comes, and then it breaks off. */
    void uploadBreakingOff(FaultLedger.Entry file) {
        FaultSource source = source(file).breakingOff();
        world.attempt(
                true,
                store -> ledger.stored(
                        file, store.upload(UploadRequest.of(file.name, source).withOwner(OWNER))),
                failure -> refusedIfSource(file, failure));
        ledger.refused(file);
    }

    /** In this file the scanner finds something. */
    void uploadInfected(FaultLedger.Entry file) {
        UploadRequest request = UploadRequest.of(file.name, source(file)).withOwner(OWNER);
        world.attempt(
                true, store -> ledger.stored(file, store.upload(request)), failure -> refusedIfSource(file, failure));
        ledger.refused(file);
    }

    private FaultSource source(FaultLedger.Entry file) {
        int part = world.stack().partSizeBytes();
        boolean inParts = part > 0 && part < file.content.length;
        return new FaultSource(world.process(), file.content, inParts ? part : MimePolicy.HEAD_BYTES);
    }

    private void refusedIfSource(FaultLedger.Entry file, FileStoreException failure) {
        if (failure instanceof SourceException || failure instanceof ScanException) {
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

    /** An object that no row names. */
    void plantOrphan() {
        world.view().plant("uploads/123/20260101_000000_orphan.pdf", new byte[] {1, 2, 3});
    }

    /** What a put left that died, when its row is lost. */
    void plantUnfinished() {
        uploadDyingInSource(fileOfTwoParts("inside.pdf"));
        world.view().loseRows();
    }

    void audit() {
        world.attempt(
                false,
                store -> {
                    AuditReport report = store.audit(AUDIT);
                    world.audited();
                    if (report.found().get(AuditFinding.Kind.MISSING_OBJECT) > 0
                            || report.found().get(AuditFinding.Kind.WRONG_SIZE) > 0) {
                        world.report("an audit found what is not so: " + report);
                    }
                },
                failure -> {});
    }

    /** Erases all that the user has, and what it is uploading. */
    void erase() {
        Set<String> names =
                world.view().rows().stream().map(FileRow::originalFilename).collect(Collectors.toSet());
        ledger.entries().forEach(ledger::unwanted);
        List<FaultLedger.Entry> known = ledger.entries().stream()
                .filter(file -> names.contains(file.name))
                .toList();
        erasing++;
        world.attempt(
                false,
                store -> {
                    if (store.eraseOwner(OWNER).isDone()) {
                        known.forEach(file -> ledger.gone(file, world.now()));
                    }
                },
                failure -> {});
        erasing--;
    }

    /** Exports all that the user has. */
    void export() {
        List<FaultLedger.Entry> known = List.copyOf(ledger.entries());
        List<FaultLedger.Entry> gone = known.stream().filter(this::isGone).toList();
        world.attempt(
                false,
                store -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    Set<FaultLedger.Entry> found = new HashSet<>();
                    try {
                        store.exportOwner(OWNER, out);
                        ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()));
                        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                            byte[] bytes = zip.readAllBytes();
                            if (!entry.getName().equals("manifest.json")) {
                                found.add(ledger.byContent(bytes).orElseThrow());
                            }
                        }
                    } catch (IOException | NoSuchElementException e) {
                        world.report("an export cannot be read: " + e);
                    }
                    known.forEach(file -> judge(file, gone.contains(file), found.contains(file)));
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
}

package dev.filestore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A store to audit, ways to do it harm, and a hook between any two SPI calls. What puts left unfinished is a list of the
 * test's own, since memory leaves nothing.
 */
final class AuditFixture {

    static final Set<AuditFinding.Kind> APPLICABLE =
            Set.of(AuditFinding.Kind.ORPHAN_OBJECT, AuditFinding.Kind.MISSING_OBJECT, AuditFinding.Kind.STALE_UPLOAD);

    final StoreFixture world = new StoreFixture();
    final List<UnfinishedPut> unfinished = new ArrayList<>();
    final List<AuditFinding> findings = new ArrayList<>();
    final Map<String, Runnable> before = new HashMap<>();
    final Map<String, Runnable> after = new HashMap<>();
    final SpiCalls calls = new SpiCalls(new Hooks());
    final FileStore store = store(calls);

    private final class Hooks implements SpiCalls.Conduct {

        @Override
        public <T, X extends Exception> T make(
                String call, Supplier<FileStoreException> failure, SpiCalls.Body<T, X> body) throws X {
            run(before.remove(call));
            T result = body.run();
            run(after.remove(call));
            return result;
        }

        private void run(Runnable act) {
            if (act != null) {
                act.run();
            }
        }
    }

    private final class WithLeftovers extends ForwardingStorage {

        WithLeftovers() {
            super(world.storage);
        }

        @Override
        public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
            return unfinished.stream()
                    .filter(put -> put.key() == null || put.key().startsWith(prefix))
                    .filter(put -> put.id().compareTo(after) > 0)
                    .limit(limit)
                    .toList();
        }

        @Override
        public void abort(UnfinishedPut put) {
            unfinished.remove(put);
        }
    }

    /** A store of another process on the same world. */
    FileStore store(SpiCalls recorded) {
        return world.builder()
                .storage(new RecordingStorage(new WithLeftovers(), recorded))
                .metadata(new RecordingMetadata(world.metadata, recorded))
                .build();
    }

    /** An audit of the usual keys that collects its findings. */
    Audit audit() {
        return Audit.of("uploads/").withFindings(findings::add);
    }

    AuditReport run() {
        findings.clear();
        calls.clear();
        return store.audit(audit());
    }

    AuditReport apply(int cap) {
        findings.clear();
        return store.audit(audit().withApply(APPLICABLE, cap).withImplausibleShare(1));
    }

    StoredFile file() {
        return world.store.upload(StoreFixture.pdf("123"));
    }

    void object(String key, int size) {
        try {
            world.storage.put(
                    key, new ObjectHeaders("a/b", "attachment"), new ByteArrayInputStream(new byte[size]), size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StoredFile missing() {
        StoredFile file = file();
        world.storage.delete(file.key());
        return file;
    }

    UnfinishedPut leftover(String id, String key) {
        UnfinishedPut put = new UnfinishedPut(id, key, now());
        unfinished.add(put);
        return put;
    }

    /** An upload whose process died before it could do anything but this. */
    FileRow deadUpload(String key) {
        return world.metadata
                .insert(MetadataRepositoryContract.pending(key, "123", Category.DOCUMENT, now()))
                .orElseThrow();
    }

    Instant now() {
        return Engine.now(world.clock);
    }

    void later() {
        world.clock.advance(Duration.ofHours(25));
    }

    /** A source that does something when all its bytes were read. */
    static UploadRequest pdfThat(Runnable atEnd) {
        InputStream source = new ProbeSource(StoreFixture.PDF).beforeEnd(atEnd);
        return UploadRequest.of("document.pdf", source).withOwner("123");
    }
}

package dev.filestore.examples.reliability.killer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileRow;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way of breaking the promise must be seen, and named: a check that cannot fail proves nothing. */
class ComparisonTest {

    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");
    private static final Duration FAR = Duration.ofHours(3);

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryStorage storage = new MemoryStorage();
    private final Ledger ledger = new Ledger(Writer.nullWriter());
    private final FileStore store =
            FileStore.builder().storage(storage).metadata(metadata).build();
    private Upload first;
    private Upload second;

    @BeforeEach
    void twoFiles() {
        first = upload(1, null);
        second = upload(2, Duration.ofDays(3));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void violations_allKept_areNone() throws Exception {
        Upload deleted = upload(3, null);
        ledger.deleteAsked(deleted);
        store.delete(deleted.id());
        ledger.removed(deleted);
        Upload expired = upload(4, Duration.ofHours(1));
        intend(5, null, Upload.Answer.UNKNOWN);
        recovered(6);
        sweepFarAhead();

        assertThat(violations()).isEmpty();
        assertThat(store.find(expired.id())).isEmpty();
        assertThat(ledger.all()).hasSize(6);
    }

    @Test
    void violations_objectRemoved_namesIt() throws Exception {
        storage.delete(row(first).key());

        assertThat(violations()).singleElement().asString().startsWith("NO BYTES: file " + first.id());
    }

    @Test
    void violations_rowRemoved_namesFileAndOrphan() throws Exception {
        String key = row(first).key();
        metadata.remove(row(first));

        assertThat(violations()).containsExactly("ORPHAN: no row names the object " + key, "LOST: no row of " + first);
    }

    @Test
    void violations_rowAndObjectRemoved_namesFile() throws Exception {
        storage.delete(row(first).key());
        metadata.remove(row(first));

        assertThat(violations()).containsExactly("LOST: no row of " + first);
    }

    @Test
    void violations_byteFlipped_namesFile() throws Exception {
        byte[] bytes = first.content().bytes();
        bytes[bytes.length - 1] ^= 1;
        replaceBytes(bytes);

        assertThat(violations()).singleElement().asString().startsWith("WRONG BYTES: file " + first.id());
    }

    @Test
    void violations_bytesOfAnother_namesFile() throws Exception {
        replaceBytes(second.content().bytes());

        assertThat(violations()).singleElement().asString().startsWith("WRONG BYTES: file " + first.id());
    }

    @Test
    void violations_bytesCutShort_namesFile() throws Exception {
        replaceBytes(Arrays.copyOf(first.content().bytes(), 20));

        assertThat(violations()).singleElement().asString().startsWith("WRONG BYTES: file " + first.id());
    }

    @Test
    void violations_deletedFileIsThere_namesIt() throws Exception {
        ledger.deleteAsked(first);
        ledger.removed(first);

        assertThat(violations())
                .singleElement()
                .asString()
                .startsWith("CAME BACK: " + row(first).key());
    }

    @Test
    void violations_abandonedUploadIsThere_namesIt() throws Exception {
        ledger.answered(recovered(3), Upload.Answer.ABANDONED);

        assertThat(violations()).singleElement().asString().startsWith("CAME BACK: ");
    }

    @Test
    void violations_expiredFileIsThere_namesIt() throws Exception {
        Upload expired = upload(3, Duration.ofHours(1));

        assertThat(violations())
                .singleElement()
                .asString()
                .startsWith("CAME BACK: " + row(expired).key());
    }

    @Test
    void violations_orphan_namesIt() throws Exception {
        storage.put("uploads/nobody/x.pdf", HEADERS, new ByteArrayInputStream(new byte[9]), 9);

        assertThat(violations()).containsExactly("ORPHAN: no row names the object uploads/nobody/x.pdf");
    }

    @Test
    void violations_openUpload_namesIt() throws Exception {
        assertThat(violations(List.of("uploads/kim/x.pdf 7"))).containsExactly("OPEN UPLOAD: uploads/kim/x.pdf 7");
    }

    @Test
    void violations_rowThatIsNotAtRest_namesIt() throws Exception {
        StoredFile file = store.upload(request(new Content(9, 100), "kim", null));
        FileRow row = metadata.find(file.id()).orElseThrow();
        metadata.claimDue(Instant.MAX, Instant.now(), 10);
        store.delete(file.id());

        assertThat(violations()).singleElement().asString().startsWith("UNFINISHED: file " + row.id());
    }

    @Test
    void violations_fileOfNobody_namesIt() throws Exception {
        store.upload(request(new Content(9, 100), "kim", null));

        assertThat(violations()).singleElement().asString().startsWith("FOREIGN: file 3 ");
    }

    @Test
    void violations_sameUploadTwice_namesIt() throws Exception {
        store.upload(request(first.content(), "kim", null));

        assertThat(violations()).anySatisfy(text -> assertThat(text).startsWith("TWICE: file "));
    }

    @Test
    void settle_unknownUploadThatIsGone_mayNotComeLater() throws Exception {
        Upload unknown = intend(3, null, Upload.Answer.UNKNOWN);
        settle();

        store.upload(request(unknown.content(), "kim", null));

        assertThat(violations()).singleElement().asString().startsWith("CAME BACK: ");
    }

    @Test
    void settle_unknownUploadThatIsThere_mayNotGo() throws Exception {
        Upload unknown = recovered(3);
        settle();

        store.delete(unknown.id());
        sweepFarAhead();

        assertThat(violations()).containsExactly("LOST: no row of " + unknown);
    }

    private Upload upload(long number, @Nullable Duration ttl) {
        Upload upload = intend(number, ttl, Upload.Answer.NONE);
        ledger.stored(
                upload, store.upload(request(upload.content(), "kim", ttl)).id());
        return upload;
    }

    /** One whose answer was lost after it was stored. */
    private Upload recovered(long number) {
        Upload upload = intend(number, null, Upload.Answer.UNKNOWN);
        store.upload(request(upload.content(), "kim", null));
        return upload;
    }

    private Upload intend(long number, @Nullable Duration ttl, Upload.Answer answer) {
        Content content = new Content(number, 1_000 + (int) number);
        Upload upload = ledger.intend("kim", "a.pdf", content, Content.sha256(content.bytes()), ttl);
        upload.answered(answer, Instant.now());
        return upload;
    }

    private static UploadRequest request(Content content, String owner, @Nullable Duration ttl) {
        UploadRequest request = UploadRequest.of("a.pdf", new ByteArrayInputStream(content.bytes()))
                .withOwner(owner);
        return ttl == null ? request : request.withTtl(ttl);
    }

    private FileRow row(Upload upload) {
        return metadata.find(upload.id()).orElseThrow();
    }

    private void replaceBytes(byte[] bytes) throws IOException {
        String key = row(first).key();
        storage.delete(key);
        storage.put(key, HEADERS, new ByteArrayInputStream(bytes), bytes.length);
    }

    private void sweepFarAhead() {
        FileStore later = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .clock(Clock.offset(Clock.systemUTC(), FAR))
                .build();
        assertThat(later.sweep().failed()).isZero();
    }

    private void settle() throws IOException {
        Comparison comparison = comparison(List.of());
        assertThat(comparison.violations()).isEmpty();
        comparison.settle();
    }

    private List<String> violations() throws IOException {
        return violations(List.of());
    }

    private List<String> violations(List<String> unfinished) throws IOException {
        return comparison(unfinished).violations();
    }

    private Comparison comparison(List<String> unfinished) {
        return new Comparison(ledger, Instant.now().plus(FAR), metadata, storage, unfinished);
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of the contract kit for puts whose source comes to its end. */
abstract class StoragePutContract {

    private final StorageBackendContract contract;

    StoragePutContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    /** Sizes around those at which backends change their ways. */
    enum Size {
        EMPTY,
        ONE_BYTE,
        PART_LESS_ONE,
        PART,
        PART_AND_ONE,
        TWO_PARTS,
        SEVERAL_PARTS;

        int bytes(int part) {
            return switch (this) {
                case EMPTY -> 0;
                case ONE_BYTE -> 1;
                case PART_LESS_ONE -> part - 1;
                case PART -> part;
                case PART_AND_ONE -> part + 1;
                case TWO_PARTS -> 2 * part;
                case SEVERAL_PARTS -> 3 * part + part / 3;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_knownLength_keepsEveryByte(Size size) throws IOException {
        byte[] content = contentOf(size);
        ProbeSource source = new ProbeSource(content);
        contract.backend().put(contract.key("file"), StorageBackendContract.HEADERS, source, content.length);
        contract.assertHolds(contract.key("file"), content);
        assertThat(source.isEnded()).as("the source was read to its end").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void put_unknownLength_keepsEveryByte(Size size) throws IOException {
        byte[] content = contentOf(size);
        ProbeSource source = new ProbeSource(content);
        contract.backend().put(contract.key("file"), StorageBackendContract.HEADERS, source, -1);
        contract.assertHolds(contract.key("file"), content);
        assertThat(source.isEnded()).as("the source was read to its end").isTrue();
    }

    @Test
    void put_sourceInSmallPieces_keepsEveryByte() throws IOException {
        byte[] content = contentOf(Size.PART_AND_ONE);
        ProbeSource source = new ProbeSource(content).inPiecesOf(1_021);
        contract.backend().put(contract.key("file"), StorageBackendContract.HEADERS, source, -1);
        contract.assertHolds(contract.key("file"), content);
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_BYTE", "PART", "SEVERAL_PARTS"})
    void put_beforeTheSourceEnds_isInvisible(Size size) throws IOException {
        assertInvisibleBeforeEnd(contentOf(size), -1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_BYTE", "PART", "SEVERAL_PARTS"})
    void put_allAnnouncedBytesGivenButNotEnded_isInvisible(Size size) throws IOException {
        byte[] content = contentOf(size);
        assertInvisibleBeforeEnd(content, content.length);
    }

    private void assertInvisibleBeforeEnd(byte[] content, long length) throws IOException {
        String key = contract.key("file");
        AtomicReference<Boolean> seen = new AtomicReference<>();
        ProbeSource source = new ProbeSource(content)
                .beforeEnd(() -> seen.set(contract.backend().stat(key).isPresent()
                        || !contract.backend().list(key, "", 1).isEmpty()));
        contract.backend().put(key, StorageBackendContract.HEADERS, source, length);
        assertThat(seen)
                .as("whether it was seen before the source ended, and null if its end was never read")
                .hasValue(false);
        contract.assertHolds(key, content);
    }

    @Test
    void put_anySource_isReadInBulk() throws IOException {
        byte[] content = contentOf(Size.TWO_PARTS);
        ProbeSource source = new ProbeSource(content);
        contract.backend().put(contract.key("file"), StorageBackendContract.HEADERS, source, content.length);
        assertThat(source.singleReads())
                .as("reads of one byte, of %s", source.reads())
                .isLessThan(4);
        assertThat(source.reads()).isLessThan(content.length / 1_024);
    }

    @Test
    void put_anySource_isNotClosed() throws IOException {
        byte[] content = contentOf(Size.PART_AND_ONE);
        ProbeSource known = new ProbeSource(content);
        ProbeSource unknown = new ProbeSource(content);
        ProbeSource failing = ProbeSource.failingAt(content, content.length);
        contract.backend().put(contract.key("known"), StorageBackendContract.HEADERS, known, content.length);
        contract.backend().put(contract.key("unknown"), StorageBackendContract.HEADERS, unknown, -1);
        try {
            contract.backend().put(contract.key("failing"), StorageBackendContract.HEADERS, failing, -1);
        } catch (IOException e) {
            assertThat(e).isSameAs(failing.failure());
        }
        assertThat(List.of(known, unknown, failing))
                .as("the sources, which belong to the caller")
                .noneMatch(ProbeSource::isClosed);
    }

    @Test
    void put_anyHeaders_areTaken() throws IOException {
        ObjectHeaders headers = new ObjectHeaders(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "attachment; filename=\"__.docx\"; filename*=UTF-8''%EB%AC%B8%EC%84%9C.docx");
        byte[] content = contentOf(Size.ONE_BYTE);
        contract.backend().put(contract.key("one part"), headers, new ProbeSource(content), content.length);
        byte[] large = contentOf(Size.SEVERAL_PARTS);
        contract.backend().put(contract.key("parts"), headers, new ProbeSource(large), -1);
        contract.assertHolds(contract.key("one part"), content);
        contract.assertHolds(contract.key("parts"), large);
        contract.headersOf(contract.key("one part"))
                .ifPresent(found -> assertThat(found).isEqualTo(headers));
        contract.headersOf(contract.key("parts"))
                .ifPresent(found -> assertThat(found).isEqualTo(headers));
    }

    @Test
    void put_interruptedThread_isWholeOrAbsentAndStaysInterrupted() throws IOException {
        byte[] content = contentOf(Size.SEVERAL_PARTS);
        Thread.currentThread().interrupt();
        boolean interrupted;
        boolean done;
        try {
            contract.backend()
                    .put(
                            contract.key("file"),
                            StorageBackendContract.HEADERS,
                            new ProbeSource(content),
                            content.length);
            done = true;
        } catch (StorageException e) {
            done = false;
        } finally {
            interrupted = Thread.interrupted();
        }
        assertThat(interrupted).as("the flag is still set").isTrue();
        try (InputStream in = contract.backend()
                .open(contract.key("file"), ByteRange.ALL, null)
                .orElse(null)) {
            assertThat(in != null || !done)
                    .as("an acknowledged object is there")
                    .isTrue();
            if (in != null) {
                assertThat(in.readAllBytes()).hasSameSizeAs(content);
            }
        }
        contract.backend().purge(contract.key("file"));
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void stat_object_tellsItsSizeAndTime() {
        contract.store(contract.key("file"), contentOf(Size.PART_AND_ONE));
        ObjectInfo info = contract.backend().stat(contract.key("file")).orElseThrow();
        assertThat(info.key()).isEqualTo(contract.key("file"));
        assertThat(info.size()).isEqualTo(Size.PART_AND_ONE.bytes(contract.partSizeBytes()));
        assertThat(Duration.between(info.lastModified(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void stat_absentKeyOrPartOfAKey_isEmpty() {
        contract.store(contract.key("folder/file"), contentOf(Size.ONE_BYTE));
        assertThat(contract.backend().stat(contract.key("none"))).isEmpty();
        assertThat(contract.backend().stat(contract.key("folder"))).isEmpty();
        assertThat(contract.backend().stat(contract.key("folder/fil"))).isEmpty();
        assertThat(contract.backend().stat(contract.key("folder/file/below"))).isEmpty();
    }

    private byte[] contentOf(Size size) {
        return StorageBackendContract.bytes(size.bytes(contract.partSizeBytes()), 1);
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for readers who want one object and no other. */
abstract class StorageTagContract {

    private final StorageBackendContract contract;

    StorageTagContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @Test
    void put_anySize_returnsATagThatOpensTheObject() throws IOException {
        int part = contract.partSizeBytes();
        for (int size : new int[] {0, 1, part, part + 1, 2 * part + 10_007}) {
            byte[] content = StorageBackendContract.bytes(size, size);
            String key = contract.key("file of " + size);
            assertOpens(key, content, put(key, content, size));
        }
    }

    @Test
    void put_unknownLength_returnsATagThatOpensTheObject() throws IOException {
        byte[] small = StorageBackendContract.bytes(10_007, 1);
        assertOpens(contract.key("small"), small, put(contract.key("small"), small, -1));
        byte[] large = StorageBackendContract.bytes(contract.partSizeBytes() + 10_007, 2);
        assertOpens(contract.key("large"), large, put(contract.key("large"), large, -1));
    }

    private void assertOpens(String key, byte[] content, @Nullable String tag) throws IOException {
        if (contract.hasTags()) {
            assertThat(tag)
                    .as("what put returns: a strong entity tag")
                    .isNotBlank()
                    .hasSizeLessThanOrEqualTo(255)
                    .isASCII()
                    .doesNotStartWith("W/");
        } else {
            assertThat(tag).as("what put returns, of a storage without tags").isNull();
        }
        StorageBackendContract.assertSame(
                load(key, ByteRange.ALL, tag), content, "the bytes of the object of that tag");
        if (content.length > 2) {
            StorageBackendContract.assertSame(
                    load(key, new ByteRange(1, content.length - 2), tag),
                    Arrays.copyOfRange(content, 1, content.length - 1),
                    "all bytes but the first and the last of the object of that tag");
        }
        assertThat(load(key, new ByteRange(content.length, 1), tag))
                .as("a range behind the end")
                .isEmpty();
    }

    @Test
    void open_otherBytesUnderTheKey_areNotThatObject() throws IOException {
        String key = contract.key("file");
        byte[] first = StorageBackendContract.bytes(10_007, 1);
        byte[] second = StorageBackendContract.bytes(10_007, 2);
        String tag = put(key, first, first.length);
        contract.backend().delete(key);
        String other = put(key, second, second.length);
        if (contract.hasTags()) {
            assertThat(other).as("the tag of other bytes under the same key").isNotEqualTo(tag);
            assertThat(contract.backend().open(key, ByteRange.ALL, tag))
                    .as("the object of a tag, when another has its key")
                    .isEmpty();
            assertThat(contract.backend().open(key, new ByteRange(5, 5), tag))
                    .as("a range of the object of a tag, when another has its key")
                    .isEmpty();
        }
        StorageBackendContract.assertSame(load(key, ByteRange.ALL, other), second, "the bytes of the other object");
        StorageBackendContract.assertSame(load(key, ByteRange.ALL, null), second, "the bytes of whichever is there");
    }

    @Test
    void open_tagOfAStorageThatHasThem_isIgnoredByOneThatHasNot() throws IOException {
        contract.store(contract.key("file"), new byte[] {1, 2, 3});
        String foreign = "\"9b2cf535f27731c974343645a3985328-3\"";
        if (contract.hasTags()) {
            assertThat(contract.backend().open(contract.key("file"), ByteRange.ALL, foreign))
                    .isEmpty();
        } else {
            assertThat(load(contract.key("file"), ByteRange.ALL, foreign)).hasSize(3);
        }
    }

    @Test
    void describe_object_tellsWhatItsPutReturnedAndSaid() throws IOException {
        if (contract.backend() instanceof DescribedObjects described) {
            int part = contract.partSizeBytes();
            for (int size : new int[] {0, 10_007, part + 10_007}) {
                String key = contract.key("file of " + size);
                String tag = put(key, StorageBackendContract.bytes(size, size), size);
                DescribedObjects.Description found = described.describe(key).orElseThrow();
                assertThat(found.object())
                        .isEqualTo(contract.backend().stat(key).orElseThrow());
                assertThat(found.tag()).isEqualTo(tag);
                assertThat(Optional.ofNullable(found.headers())).isEqualTo(contract.headersOf(key));
            }
            assertThat(described.describe(contract.key("absent"))).isEmpty();
        }
    }

    @Test
    void open_absentKeyWithATag_isEmpty() throws IOException {
        String tag = put(contract.key("file"), new byte[] {1}, 1);
        contract.backend().delete(contract.key("file"));
        assertThat(contract.backend().open(contract.key("file"), ByteRange.ALL, tag))
                .isEmpty();
        assertThat(contract.backend().open(contract.key("file"), new ByteRange(0, 1), tag))
                .isEmpty();
    }

    private @Nullable String put(String key, byte[] content, long length) throws IOException {
        return contract.backend().put(key, StorageBackendContract.HEADERS, new ProbeSource(content), length);
    }

    private byte[] load(String key, ByteRange range, @Nullable String tag) throws IOException {
        try (InputStream in = contract.backend().open(key, range, tag).orElseThrow()) {
            return in.readAllBytes();
        }
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of the contract kit for sources that fail: a truncated object must never come of it. */
abstract class StorageBrokenSourceContract {

    private final StorageBackendContract contract;

    StorageBrokenSourceContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    /** Where the source breaks off. The object would have two and a half parts. */
    enum Cut {
        AT_THE_FIRST_BYTE,
        AFTER_ONE_BYTE,
        WITHIN_THE_FIRST_PART,
        BEFORE_THE_PART_IS_FULL,
        AT_THE_PART_BOUNDARY,
        AFTER_THE_PART_BOUNDARY,
        AT_THE_SECOND_BOUNDARY,
        BEFORE_THE_LAST_BYTE,
        WHERE_IT_SHOULD_END;

        int bytes(int part, int size) {
            return switch (this) {
                case AT_THE_FIRST_BYTE -> 0;
                case AFTER_ONE_BYTE -> 1;
                case WITHIN_THE_FIRST_PART -> part / 2;
                case BEFORE_THE_PART_IS_FULL -> part - 1;
                case AT_THE_PART_BOUNDARY -> part;
                case AFTER_THE_PART_BOUNDARY -> part + 1;
                case AT_THE_SECOND_BOUNDARY -> 2 * part;
                case BEFORE_THE_LAST_BYTE -> size - 1;
                case WHERE_IT_SHOULD_END -> size;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_sourceOfKnownLengthBreaks_leavesNothing(Cut cut) throws IOException {
        assertLeavesNothing(brokenAt(cut), size());
    }

    @ParameterizedTest
    @EnumSource
    void put_sourceOfUnknownLengthBreaks_leavesNothing(Cut cut) throws IOException {
        assertLeavesNothing(brokenAt(cut), -1);
    }

    @ParameterizedTest
    @EnumSource
    void put_smallSourceBreaksWhereItShouldEnd_leavesNothing(StoragePutContract.Size size) throws IOException {
        byte[] content = StorageBackendContract.bytes(size.bytes(contract.partSizeBytes()), 1);
        assertLeavesNothing(ProbeSource.failingAt(content, content.length), content.length);
        assertLeavesNothing(ProbeSource.failingAt(content, content.length), -1);
    }

    @Test
    void put_afterABrokenOne_keepsEveryByte() throws IOException {
        assertLeavesNothing(brokenAt(Cut.AFTER_THE_PART_BOUNDARY), -1);
        byte[] content = StorageBackendContract.bytes(size(), 2);
        contract.store(contract.key("file"), content);
        contract.assertHolds(contract.key("file"), content);
    }

    @ParameterizedTest
    @EnumSource
    void put_sourceBreaksForAKeyThatIsTaken_leavesTheObject(Cut cut) throws IOException {
        byte[] first = StorageBackendContract.bytes(1_000, 3);
        contract.store(contract.key("file"), first);
        ProbeSource source = brokenAt(cut);
        // A backend may notice the object before it comes to the source's failure.
        Throwable thrown = catchThrowable(() -> put(source, -1));
        assertThat(thrown)
                .as("what a put throws whose source failed, of a key that has an object")
                .satisfiesAnyOf(
                        e -> assertThat(e).isSameAs(source.failure()),
                        e -> assertThat(e).isInstanceOf(StorageException.class));
        if (contract.losesObjectToGivenUpParts()
                && cut.bytes(contract.partSizeBytes(), size()) > contract.partSizeBytes()) {
            contract.assertAbsent(contract.key("file"));
        } else {
            contract.assertHolds(contract.key("file"), first);
        }
    }

    private void assertLeavesNothing(ProbeSource source, long length) throws IOException {
        assertThatThrownBy(() -> put(source, length), "a put whose source failed throws the source's very exception")
                .isSameAs(source.failure());
        assertThat(contract.leftovers(contract.prefix))
                .as("what is left unfinished by a put whose source failed")
                .isEmpty();
        contract.assertAbsent(contract.key("file"));
        source.close();
        contract.assertAbsent(contract.key("file"));
    }

    private void put(ProbeSource source, long length) throws IOException {
        contract.backend().put(contract.key("file"), StorageBackendContract.HEADERS, source, length);
    }

    private ProbeSource brokenAt(Cut cut) {
        int at = cut.bytes(contract.partSizeBytes(), size());
        return ProbeSource.failingAt(StorageBackendContract.bytes(size(), 1), at);
    }

    private int size() {
        return contract.partSizeBytes() * 5 / 2;
    }
}

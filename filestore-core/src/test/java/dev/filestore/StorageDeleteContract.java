package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for deletes and purges. */
abstract class StorageDeleteContract {

    private final StorageBackendContract contract;

    StorageDeleteContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @Test
    void delete_object_isGone() throws IOException {
        contract.store(contract.key("file"), new byte[] {1, 2, 3});
        contract.backend().delete(contract.key("file"));
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void delete_objectOfManyParts_isGone() throws IOException {
        contract.store(contract.key("file"), StorageBackendContract.bytes(contract.partSizeBytes() + 1, 1));
        contract.backend().delete(contract.key("file"));
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void delete_again_isSuccess() throws IOException {
        contract.store(contract.key("file"), new byte[] {1, 2, 3});
        contract.backend().delete(contract.key("file"));
        contract.backend().delete(contract.key("file"));
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void delete_absentKey_isSuccess() {
        contract.backend().delete(contract.key("none"));
        contract.backend().delete(contract.key("no/such/folder"));
    }

    @Test
    void delete_oneOfManyAlike_leavesTheOthers() {
        byte[] content = {1};
        storeNeighbours(content);
        contract.store(contract.key("folder/file"), content);
        contract.backend().delete(contract.key("folder/file"));
        assertNeighbours(content);
    }

    @Test
    void delete_partOfAKey_leavesTheObject() {
        byte[] content = {1};
        contract.store(contract.key("folder/file"), content);
        contract.backend().delete(contract.key("folder"));
        contract.backend().delete(contract.key("folder/fil"));
        contract.backend().delete(contract.key("folder/file/below"));
        contract.assertHolds(contract.key("folder/file"), content);
    }

    @Test
    void purge_object_isGone() throws IOException {
        contract.store(contract.key("file"), new byte[] {1, 2, 3});
        contract.backend().purge(contract.key("file"));
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void purge_absentKey_isSuccess() {
        contract.backend().purge(contract.key("none"));
        contract.backend().purge(contract.key("no/such/folder"));
        contract.backend().purge(contract.key("none"));
    }

    @Test
    void purge_whatKilledPutsLeft_isGone() throws IOException {
        boolean left = contract.leaveUnfinished(contract.key("folder/file"));
        contract.leaveUnfinished(contract.key("folder/file"));
        contract.leaveUnfinished(contract.key("folder/file2"));
        assertThat(contract.leftovers(contract.prefix)).hasSize(left ? 3 : 0);
        contract.assertAbsent(contract.key("folder/file"));
        contract.backend().purge(contract.key("folder/file"));
        assertThat(contract.leftovers(contract.prefix)).hasSize(left ? 1 : 0);
        contract.backend().purge(contract.key("folder/file2"));
        assertThat(contract.leftovers(contract.prefix)).isEmpty();
    }

    @Test
    void purge_objectBesideWhatKilledPutsLeft_bothAreGone() throws IOException {
        contract.store(contract.key("file"), new byte[] {1, 2, 3});
        contract.leaveUnfinished(contract.key("file"));
        contract.backend().purge(contract.key("file"));
        assertThat(contract.leftovers(contract.prefix)).isEmpty();
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void purge_oneOfManyAlike_leavesTheOthers() {
        byte[] content = {1};
        storeNeighbours(content);
        contract.store(contract.key("folder/file"), content);
        contract.backend().purge(contract.key("folder/file"));
        assertNeighbours(content);
    }

    @Test
    void put_besideWhatKilledPutsLeft_keepsEveryByte() {
        contract.leaveUnfinished(contract.key("file"));
        byte[] content = StorageBackendContract.bytes(contract.partSizeBytes() + 1, 1);
        contract.store(contract.key("file"), content);
        contract.assertHolds(contract.key("file"), content);
        contract.backend().purge(contract.key("file"));
    }

    private static final String[] NEIGHBOURS = {"folder/file2", "folder/file.txt", "folder/fil", "folder2/file", "file"
    };

    private void storeNeighbours(byte[] content) {
        for (String name : NEIGHBOURS) {
            contract.store(contract.key(name), content);
        }
    }

    private void assertNeighbours(byte[] content) {
        for (String name : NEIGHBOURS) {
            contract.assertHolds(contract.key(name), content);
        }
    }
}

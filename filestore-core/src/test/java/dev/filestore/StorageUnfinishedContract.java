package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of the contract kit for what puts leave unfinished. */
abstract class StorageUnfinishedContract {

    private static final Duration CLOCKS_DIFFER_BY_LESS = Duration.ofMinutes(1);

    private final StorageBackendContract contract;

    StorageUnfinishedContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @Test
    void listUnfinished_nothing_isEmpty() {
        assertThat(list("", 10)).isEmpty();
        contract.store(contract.key("file"), StorageBackendContract.bytes(contract.partSizeBytes() + 1, 1));
        assertThat(list("", 10)).isEmpty();
    }

    @Test
    void listUnfinished_whatKilledPutsLeft_tellsKeyAndTime() {
        boolean left = contract.leaveUnfinished(contract.key("file"));
        List<UnfinishedPut> found = list("", 10);
        assertThat(found).hasSize(left ? 1 : 0);
        assertThat(found).allSatisfy(put -> {
            assertThat(put.key()).isEqualTo(contract.tellsKeyOfUnfinished() ? contract.key("file") : null);
            assertThat(Duration.between(put.touchedAt(), Instant.now()).abs()).isLessThan(CLOCKS_DIFFER_BY_LESS);
        });
        abortAll(found);
    }

    @Test
    void listUnfinished_ofAnotherPrefix_isLeftOutWhereTheKeyIsKnown() {
        boolean left = contract.leaveUnfinished(contract.key("a/file"));
        contract.leaveUnfinished(contract.key("b/file"));
        List<UnfinishedPut> found = contract.backend().listUnfinished(contract.key("b/"), "", 10);
        if (left && contract.tellsKeyOfUnfinished()) {
            assertThat(found).extracting(UnfinishedPut::key).containsExactly(contract.key("b/file"));
        } else {
            assertThat(found).hasSize(left ? 2 : 0);
        }
        abortAll(list("", 10));
    }

    @Test
    void listUnfinished_inPagesOfAnySize_givesEachOnceAndInOneOrder() {
        boolean left = false;
        for (String name : List.of("b", "a", "a/c", "é", "a", "문서.pdf", "a")) {
            left = contract.leaveUnfinished(contract.key(name));
        }
        List<UnfinishedPut> all = list("", 1_001);
        assertThat(all).hasSize(left ? 7 : 0).doesNotHaveDuplicates();
        for (int limit : new int[] {1, 2, 3, 6, 7, 8}) {
            List<UnfinishedPut> expected = contract.passesOverOthersOfKey() ? withoutOthersOfKey(all, limit) : all;
            List<UnfinishedPut> paged = new ArrayList<>();
            List<UnfinishedPut> page;
            do {
                page = list(paged.isEmpty() ? "" : paged.get(paged.size() - 1).id(), limit);
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                paged.addAll(page);
                assertThat(paged).as("limit %s", limit).hasSizeLessThanOrEqualTo(all.size());
            } while (page.size() == limit);
            assertThat(paged).as("limit %s", limit).isEqualTo(expected);
        }
        abortAll(all);
    }

    @Test
    void listUnfinished_afterOneThatIsGone_goesOnBehindIt() {
        for (String name : List.of("a", "b", "c")) {
            contract.leaveUnfinished(contract.key(name));
        }
        List<UnfinishedPut> all = list("", 10);
        if (!all.isEmpty()) {
            contract.backend().abort(all.get(1));
            assertThat(list(all.get(1).id(), 10)).containsExactly(all.get(2));
        }
        abortAll(list("", 10));
        assertThat(list("", 10)).isEmpty();
    }

    @Test
    void abort_oneOfAKey_leavesTheOthersAndTheObjects() {
        byte[] content = {1};
        contract.store(contract.key("other"), content);
        boolean left = contract.leaveUnfinished(contract.key("file"));
        contract.leaveUnfinished(contract.key("file"));
        contract.leaveUnfinished(contract.key("file2"));
        List<UnfinishedPut> all = list("", 10);
        for (int i = 0; i < all.size(); i++) {
            contract.backend().abort(all.get(i));
            assertThat(list("", 10)).isEqualTo(all.subList(i + 1, all.size()));
            // Once more: it is gone already.
            contract.backend().abort(all.get(i));
        }
        assertThat(all).hasSize(left ? 3 : 0);
        contract.assertHolds(contract.key("other"), content);
    }

    @Test
    void abort_besideTheObjectOfTheKey_leavesTheObject() {
        byte[] content = StorageBackendContract.bytes(10, 1);
        contract.store(contract.key("file"), content);
        contract.leaveUnfinished(contract.key("file"));
        abortAll(list("", 10));
        if (contract.losesObjectToGivenUpParts()) {
            assertThat(contract.backend().stat(contract.key("file"))).isEmpty();
        } else {
            contract.assertHolds(contract.key("file"), content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void abort_whileThePutRuns_failsThePutAndLeavesNothing(StoragePutContract.Size size) throws IOException {
        byte[] content = StorageBackendContract.bytes(size.bytes(contract.partSizeBytes()), 1);
        List<UnfinishedPut> running = new ArrayList<>();
        ProbeSource source = new ProbeSource(content).beforeEnd(() -> {
            running.addAll(list("", 10));
            abortAll(running);
        });
        try {
            contract.backend().put(contract.key("file"), StorageBackendContract.HEADERS, source, content.length);
            assertThat(running)
                    .as("what was aborted of a put that succeeded all the same")
                    .isEmpty();
            contract.assertHolds(contract.key("file"), content);
        } catch (StorageException e) {
            assertThat(running).hasSize(1);
            contract.assertAbsent(contract.key("file"));
        }
        // The key is as good as new, unless the put had nothing to lose.
        if (!running.isEmpty()) {
            contract.store(contract.key("file"), content);
            contract.assertHolds(contract.key("file"), content);
        }
    }

    /** What pages give that each begin with another key than the one before ended with. */
    private static List<UnfinishedPut> withoutOthersOfKey(List<UnfinishedPut> all, int limit) {
        List<UnfinishedPut> given = new ArrayList<>();
        for (UnfinishedPut put : all) {
            UnfinishedPut last = given.isEmpty() ? null : given.get(given.size() - 1);
            boolean beginsPage = last != null && given.size() % limit == 0;
            if (!beginsPage || !Objects.equals(put.key(), last.key())) {
                given.add(put);
            }
        }
        return given;
    }

    private List<UnfinishedPut> list(String after, int limit) {
        return contract.backend().listUnfinished(contract.prefix, after, limit);
    }

    private void abortAll(List<UnfinishedPut> puts) {
        puts.forEach(contract.backend()::abort);
    }
}

package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.KEY_ORDER;
import static dev.filestore.MetadataRepositoryContract.pending;
import static dev.filestore.MetadataRepositoryContract.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for lists in the order of keys. */
abstract class MetadataByKeyContract {

    /** Among them pairs whose order in UTF-16, or in a human's alphabet, is the other way round. */
    private static final List<String> KEYS = List.of(
            "!",
            "%",
            "_",
            "A",
            "B",
            "Z",
            "a",
            "a ",
            "a b",
            "a!",
            "a%b",
            "a%c",
            "a-b",
            "a/b",
            "a/b/c",
            "aXb",
            "a_b",
            "a_c",
            "b",
            "z",
            "~",
            "é",
            "가",
            "나",
            "\ue000",
            "\uff5e",
            "\ufffd",
            "\ud800\udc00",
            "😀",
            "😀a",
            "\udbff\udfff");

    private final MetadataRepositoryContract contract;

    MetadataByKeyContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    private List<String> keys(String prefix, String after, int limit) {
        return rows().listByKey(prefix, after, limit).stream().map(FileRow::key).toList();
    }

    private void insertAll(List<String> keys) {
        List<String> backwards = new ArrayList<>(keys);
        Collections.reverse(backwards);
        backwards.forEach(key -> contract.inserted(pending(key)));
    }

    @Test
    void listByKey_oddKeys_areInTheOrderOfTheirBytes() {
        insertAll(KEYS);
        assertThat(keys("", "", 1000)).isEqualTo(KEYS.stream().sorted(KEY_ORDER).toList());
        assertThat(keys("", "", 1000)).isNotEqualTo(KEYS.stream().sorted().toList());
    }

    @Test
    void listByKey_byLimit_givesEveryRowOnce() {
        insertAll(KEYS);
        for (int limit : new int[] {1, 2, 7, KEYS.size(), KEYS.size() + 1}) {
            List<String> walked = new ArrayList<>();
            List<String> page;
            String after = "";
            do {
                page = keys("", after, limit);
                walked.addAll(page);
                after = page.isEmpty() ? "" : page.get(page.size() - 1);
            } while (page.size() == limit);
            assertThat(walked).isEqualTo(KEYS.stream().sorted(KEY_ORDER).toList());
        }
    }

    @Test
    void listByKey_everyPrefix_isLiteral() {
        insertAll(KEYS);
        List<String> prefixes = new ArrayList<>(KEYS);
        prefixes.addAll(
                List.of("a%", "%%", "a_", "__", "a\\", "\\", "a[", "a*", "A%", "\udbff\udfff\udbff\udfff", "c", "aX"));
        for (String prefix : prefixes) {
            assertThat(keys(prefix, "", 1000))
                    .as("keys that start with %s", prefix)
                    .isEqualTo(KEYS.stream()
                            .filter(key -> key.startsWith(prefix))
                            .sorted(KEY_ORDER)
                            .toList());
        }
    }

    @Test
    void listByKey_afterEveryKey_goesOnBehindIt() {
        insertAll(KEYS);
        for (String prefix : List.of("", "a", "😀", "zz")) {
            for (String after : KEYS) {
                assertThat(keys(prefix, after, 1000))
                        .as("keys that start with %s after %s", prefix, after)
                        .isEqualTo(KEYS.stream()
                                .filter(key -> key.startsWith(prefix) && KEY_ORDER.compare(key, after) > 0)
                                .sorted(KEY_ORDER)
                                .toList());
            }
        }
    }

    @Test
    void listByKey_everyState_isThere() {
        List<FileRow> inserted = new ArrayList<>();
        for (FileState state : FileState.values()) {
            inserted.add(contract.inserted(
                    with(pending("key-" + inserted.size()), state, MetadataRepositoryContract.NOW, null)));
        }
        assertThat(rows().listByKey("", "", 10)).isEqualTo(inserted);
    }

    @Test
    void listByKey_manyRows_isWalkedToTheEnd() {
        for (int i = 1_100; i >= 0; i--) {
            contract.inserted(pending("key-" + (10_000 + i)));
        }
        List<String> first = keys("key-", "", 1_000);
        assertThat(first).hasSize(1_000).isSorted();
        assertThat(keys("key-", first.get(999), 1_000)).hasSize(101).startsWith("key-11000");
    }
}

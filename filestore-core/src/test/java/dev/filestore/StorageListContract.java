package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for listings. */
abstract class StorageListContract {

    /**
     * Slashes sort among other characters, and the last two sort the other way round by the units of UTF-16 than by the
     * bytes of UTF-8.
     */
    private static final List<String> NAMES = List.of(
            "a!",
            "a-b",
            "a-c/d",
            "a.b",
            "a.d/e",
            "a/-",
            "a/b",
            "a/b.c",
            "a/c/d",
            "a0",
            "aa/b",
            "A/b",
            "b",
            "z",
            "é",
            "ü/x",
            "문서",
            "문서.pdf",
            "문서-/쪽",
            "한글/가",
            "\uff5e",
            "\ud83d\ude00");

    private final StorageBackendContract contract;

    StorageListContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @Test
    void list_nothing_isEmpty() {
        assertThat(contract.backend().list(contract.prefix, "", 10)).isEmpty();
        contract.store(contract.key("a"), new byte[0]);
        assertThat(contract.backend().list(contract.key("b"), "", 10)).isEmpty();
    }

    @Test
    void list_all_isInOrder() {
        List<String> keys = storeNames();
        assertKeys(list("", "", 1_000), keys, "all");
    }

    @Test
    void list_entries_tellWhatStatTells() {
        contract.store(contract.key("a"), StorageBackendContract.bytes(17, 1));
        contract.store(contract.key("b"), new byte[0]);
        assertThat(contract.backend().list(contract.prefix, "", 10))
                .extracting(ObjectInfo::size)
                .containsExactly(17L, 0L);
        ObjectInfo listed = contract.backend().list(contract.prefix, "", 1).get(0);
        ObjectInfo found = contract.backend().stat(contract.key("a")).orElseThrow();
        // One server gives the two in different precision.
        assertThat(listed.lastModified().getEpochSecond())
                .isEqualTo(found.lastModified().getEpochSecond());
        assertThat(listed.key()).isEqualTo(found.key());
    }

    @Test
    void list_byPrefix_givesKeysThatStartWithIt() {
        List<String> keys = storeNames();
        for (String start :
                List.of("a", "a/", "a.", "a-b", "a/b", "A", "b/", "문", "문서", "문서.", "한글/", "zz", "\ud83d\ude00")) {
            List<String> expected = keys.stream()
                    .filter(key -> key.startsWith(contract.key(start)))
                    .toList();
            assertKeys(list(start, "", 1_000), expected, "those that start with " + start);
        }
    }

    @Test
    void list_afterEachKey_goesOnBehindIt() {
        List<String> keys = storeNames();
        for (int i = 0; i < keys.size(); i++) {
            assertKeys(list("", keys.get(i), 1_000), keys.subList(i + 1, keys.size()), "those after " + keys.get(i));
        }
    }

    @Test
    void list_afterAKeyThatIsNotThere_goesOnBehindItsPlace() {
        List<String> keys = storeNames();
        for (String name : List.of("a", "a/", "a.", "a/a", "a/bb", "a/~", "b/b", "문서/", "~", "\uffe0")) {
            String after = contract.key(name);
            List<String> expected = keys.stream()
                    .filter(key -> contract.listingOrder().compare(key, after) > 0)
                    .toList();
            assertKeys(list("", after, 1_000), expected, "those after " + after + ", which is not there");
        }
    }

    @Test
    void list_afterAndPrefix_bothHold() {
        contract.store(contract.key("a/1"), new byte[0]);
        contract.store(contract.key("b/1"), new byte[0]);
        contract.store(contract.key("b/2"), new byte[0]);
        contract.store(contract.key("c/1"), new byte[0]);
        assertThat(list("b/", contract.key("a/9"), 10)).containsExactly(contract.key("b/1"), contract.key("b/2"));
        assertThat(list("b/", contract.key("b/1"), 10)).containsExactly(contract.key("b/2"));
        assertThat(list("b/", contract.key("c"), 10)).isEmpty();
    }

    @Test
    void list_inPagesOfAnySize_givesEachKeyOnce() {
        List<String> keys = storeNames();
        for (int limit : new int[] {1, 2, 5, keys.size() - 1, keys.size(), keys.size() + 1}) {
            assertKeys(pages(limit), keys, "all, in pages of " + limit);
        }
    }

    @Test
    void list_moreThanAThousand_givesAsManyAsAskedFor() {
        List<String> keys = IntStream.range(0, 1_005)
                .mapToObj(number -> contract.key("n%04d".formatted(number)))
                .toList();
        keys.forEach(key -> contract.store(key, new byte[0]));
        assertKeys(list("", "", 999), keys.subList(0, 999), "999 of 1,005");
        assertKeys(list("", "", 1_000), keys.subList(0, 1_000), "1,000 of 1,005");
        assertKeys(list("", "", 1_001), keys.subList(0, 1_001), "1,001 of 1,005");
        assertKeys(list("", "", 5_000), keys, "5,000 where there are 1,005");
        assertKeys(list("", keys.get(2), 1_002), keys.subList(3, 1_005), "1,002 behind the third of 1,005");
        assertKeys(pages(400), keys, "1,005, in pages of 400");
    }

    /** Says where two lists differ first, which is hard to see in two long ones. */
    private static void assertKeys(List<String> found, List<String> expected, String what) {
        int same = 0;
        while (same < found.size() && same < expected.size() && found.get(same).equals(expected.get(same))) {
            same++;
        }
        assertThat(same < found.size() ? found.get(same) : "the end")
                .as(
                        "list of %s: %s keys where there should be %s, in the order of their UTF-8 bytes; number %s",
                        what, found.size(), expected.size(), same + 1)
                .isEqualTo(same < expected.size() ? expected.get(same) : "the end");
    }

    private List<String> pages(int limit) {
        List<String> all = new ArrayList<>();
        List<String> page;
        do {
            page = list("", all.isEmpty() ? "" : all.get(all.size() - 1), limit);
            assertThat(page).as("a page of at most %s", limit).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
            assertThat(all)
                    .as("all pages, each beginning after the last key of the one before")
                    .doesNotHaveDuplicates();
        } while (page.size() == limit);
        return all;
    }

    private List<String> list(String start, String after, int limit) {
        return contract.backend().list(contract.key(start), after, limit).stream()
                .map(ObjectInfo::key)
                .toList();
    }

    private List<String> storeNames() {
        List<String> keys = NAMES.stream().map(contract::key).toList();
        keys.forEach(key -> contract.store(key, new byte[] {1}));
        return keys.stream().sorted(contract.listingOrder()).toList();
    }
}

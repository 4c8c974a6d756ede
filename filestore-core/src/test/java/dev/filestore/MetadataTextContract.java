package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of the contract kit for text and numbers: what goes in comes out, and only what is equal is found. */
abstract class MetadataTextContract {

    /** No two of them are equal, though some rule of comparison in use takes them for it. */
    static final List<String> LOOKALIKES = List.of(
            "a",
            "a ",
            "a  ",
            " a",
            "A",
            "ａ",
            "á",
            "a\u0301",
            "ä",
            "ae",
            "æ",
            "ss",
            "ß",
            "i",
            "I",
            "ı",
            "İ",
            "a\u200d",
            "a\u00ad",
            "가",
            "\u1100\u1161",
            "ｶ",
            "カ",
            "か",
            "😀",
            "😁",
            "\ud840\udc00",
            "a\t",
            "a\n",
            "a\u00a0",
            "a\u3000",
            "a\u0001",
            "a\u007f",
            "\u0001",
            "\u0002",
            "a\u200b",
            "a\ufeff",
            "a\ufe0f",
            "a.",
            "a/",
            "a\\",
            "k",
            "K",
            "\u212a",
            "s",
            "\u017f",
            "\u00c5",
            "\u212b",
            "A\u030a",
            "fi",
            "\ufb01",
            "\u03c3",
            "\u03c2",
            "\u03a3",
            "1",
            "\u0661",
            "\uff11",
            "01",
            "1.0",
            "\u0430",
            "e\u0323\u0302",
            "e\u0302\u0323",
            "\u1ec7",
            "'",
            "\"",
            "%",
            "_",
            "?",
            ":a");

    private final MetadataRepositoryContract contract;

    MetadataTextContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    private void assertRoundTrip(String owner, String key, String name) {
        FileRow row = MetadataRepositoryContract.pending(key, owner, Category.IMAGE, MetadataRepositoryContract.NOW);
        row = new FileRow(
                0,
                0,
                FileState.AVAILABLE,
                null,
                0,
                owner,
                key,
                name,
                1,
                "image/png",
                row.category(),
                MetadataRepositoryContract.SHA256,
                null,
                null,
                null,
                row.uploadedAt(),
                null,
                PendingEvents.NONE);
        FileRow inserted = contract.inserted(row);
        assertThat(inserted).isEqualTo(row.withIdentity(inserted.id(), 0));
        assertThat(rows().find(inserted.id())).contains(inserted);
        assertThat(rows().findByKey(key)).contains(inserted);
        assertThat(rows().list(new RowQuery(owner, null, MetadataRepositoryContract.NOW), null, 0, 10))
                .containsExactly(inserted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uploads/123/문서.pdf",
                "😀/🇰🇷/👩‍👩‍👧.png",
                "trailing ",
                "two trailing  ",
                " leading",
                "quote'\"quote",
                "percent%under_score",
                "question?:colon$1#{a}",
                "a\u0301",
                "\uff5e\ue000\ufffd",
                "new\nline\ttab\r"
            })
    void text_ofEveryScript_comesOutAsItWentIn(String text) {
        assertRoundTrip(text, text, text);
    }

    @Test
    void text_ofTheGreatestLength_comesOutAsItWentIn() {
        assertRoundTrip("u".repeat(255), "k".repeat(1024), "n".repeat(255));
        assertRoundTrip("한".repeat(255), "한".repeat(341), "글".repeat(255));
        assertRoundTrip("😀".repeat(127), "😀".repeat(256), "😁".repeat(127));
    }

    @Test
    void keys_thatDifferOnlyInTheLastOf1024Bytes_areTwo() {
        String start = "k".repeat(1023);
        FileRow first = contract.inserted(MetadataRepositoryContract.pending(start + "a"));
        FileRow second = contract.inserted(MetadataRepositoryContract.pending(start + "b"));
        assertThat(rows().findByKey(first.key())).contains(first);
        assertThat(rows().findByKey(second.key())).contains(second);
        assertThat(rows().insert(MetadataRepositoryContract.pending(start + "b")))
                .isEmpty();
    }

    @Test
    void keys_thatLookAlike_areSeveral() {
        List<FileRow> inserted = new ArrayList<>();
        for (String key : LOOKALIKES) {
            inserted.add(contract.inserted(MetadataRepositoryContract.pending(key)));
        }
        for (FileRow row : inserted) {
            assertThat(rows().findByKey(row.key())).contains(row);
        }
    }

    @Test
    void owners_whoLookAlike_areSeveral() {
        List<FileRow> inserted = new ArrayList<>();
        for (String owner : LOOKALIKES) {
            inserted.add(contract.available(
                    "key-" + inserted.size(), owner, Category.IMAGE, MetadataRepositoryContract.NOW));
        }
        for (FileRow row : inserted) {
            RowQuery query = new RowQuery(row.owner(), null, MetadataRepositoryContract.NOW);
            assertThat(rows().list(query, null, 0, 10)).containsExactly(row);
            assertThat(rows().count(query)).isOne();
        }
    }

    @Test
    void columns_withEverythingSet_comeOutAsTheyWentIn() {
        String address = "https://d123.cloudfront.net/" + "%F0%9F%98%80".repeat(256);
        FileRow row = new FileRow(
                0,
                0,
                FileState.DELETING,
                MetadataRepositoryContract.NOW,
                Integer.MAX_VALUE,
                "123",
                "key",
                "문서.pdf",
                Long.MAX_VALUE,
                "a".repeat(127) + "/" + "b".repeat(127),
                new Category("a234567890123456789012345678_-32"),
                MetadataRepositoryContract.SHA256,
                "t".repeat(255),
                URI.create(address),
                URI.create(address + "?cdn"),
                MetadataRepositoryContract.NOW,
                MetadataRepositoryContract.NOW.plus(Duration.ofDays(3650)),
                PendingEvents.DELETED);
        FileRow inserted = contract.inserted(row);
        assertThat(rows().find(inserted.id())).contains(row.withIdentity(inserted.id(), 0));
    }
}

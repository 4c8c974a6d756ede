package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @Test
    void isWellFormed_unpairedSurrogate_isFalse() {
        assertThat(Text.isWellFormed("")).isTrue();
        assertThat(Text.isWellFormed("a\ud83d\ude00b")).isTrue();
        assertThat(Text.isWellFormed("a\ud83d")).isFalse();
        assertThat(Text.isWellFormed("\ude00a")).isFalse();
        assertThat(Text.isWellFormed("\ude00\ud83d")).isFalse();
        assertThat(Text.isWellFormed("\ud83d\ud83d\ude00")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "abc, 3, abc",
        "abc, 2, ab",
        "abc, 0, ''",
        "'', 0, ''",
        "한글, 5, 한",
        "한글, 6, 한글",
        "한글, 2, ''",
        "a😀b, 4, a",
        "a😀b, 5, a😀",
        "éa, 1, ''",
        "éa, 2, é"
    })
    void cutToUtf8_text_isCutBetweenCharacters(String text, int bytes, String cut) {
        assertThat(Text.cutToUtf8(text, bytes)).isEqualTo(cut);
    }

    @Test
    void cut_marks_stayWithTheirCharacter() {
        assertThat(Text.cut("aq\u0323\u0304b", 1)).isEqualTo("a");
        assertThat(Text.cut("aq\u0323\u0304b", 2)).isEqualTo("a");
        assertThat(Text.cut("aq\u0323\u0304b", 3)).isEqualTo("a");
        assertThat(Text.cut("aq\u0323\u0304b", 4)).isEqualTo("aq\u0323\u0304");
        assertThat(Text.cut("aq\u0323\u0304b", 5)).isEqualTo("aq\u0323\u0304b");
        assertThat(Text.cut("a\ud83d\ude00\ufe0fb", 3)).isEqualTo("a");
    }

    @Test
    void cut_moreMarksThanAnybodyWrites_isCutAmongThem() {
        assertThat(Text.cut("a" + "\u0301".repeat(100), 90)).isEqualTo("a" + "\u0301".repeat(89));
        assertThat(Text.cut("\u0301".repeat(100), 20)).isEqualTo("\u0301".repeat(20));
    }
}

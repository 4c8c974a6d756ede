package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b",
                "uploads/123/20260226_143022_document.pdf",
                "한/글",
                "a b",
                ".a",
                "a.",
                "...",
                "..a/b",
                "\ud83d\ude00",
                "%2e%2e"
            })
    void isValid_keyThatStoragesKeep_isTrue(String key) {
        assertThat(Keys.isValid(key)).isTrue();
        assertThat(Keys.requireValid(key)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "a/../b",
                "a/./b",
                "../a",
                "a/..",
                "a\\b",
                "a\0b",
                "a\nb",
                "a\u007f",
                "a\u0085",
                "\ud83d",
                "\ude00a",
                "e\u0301",
                "\u1112\u1161\u11ab"
            })
    void isValid_keyThatSomeStorageCannotKeep_isFalse(String key) {
        assertThat(Keys.isValid(key)).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> Keys.requireValid(key))
                .withMessageContaining("KeyLayout");
    }

    @Test
    void isValid_lengths_areCountedInBytes() {
        assertThat(Keys.isValid("x".repeat(255))).isTrue();
        assertThat(Keys.isValid("x".repeat(256))).isFalse();
        assertThat(Keys.isValid("한".repeat(85))).isTrue();
        assertThat(Keys.isValid("한".repeat(86))).isFalse();
        String segment = "x".repeat(255);
        String four = String.join("/", segment, segment, segment, segment);
        assertThat(Keys.isValid(four)).isTrue();
        assertThat(Keys.isValid("x".repeat(254) + "/" + four.substring(0, 769))).isTrue();
        assertThat(Keys.isValid(four + "/x")).isFalse();
    }
}

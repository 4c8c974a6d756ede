package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.StorageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathsTest {

    static final List<String> LEADING_AWAY = List.of(
            "",
            "/",
            "//",
            ".",
            "..",
            "../x",
            "../objects",
            "../objects2/x",
            "a/..",
            "a/../b",
            "a/../../x",
            "a/../../objects/x",
            "./a",
            "a/.",
            "a/./b",
            "/a",
            "/etc/passwd",
            "//server/share",
            "a//b",
            "a/",
            "a\\b",
            "..\\x",
            "\\\\server\\share",
            "a/..\\..\\x",
            "C:",
            "C:x",
            "c:/x",
            "C:\\x",
            "a\0b",
            "a/\0",
            "\u202ea/../b\u2066\u2028c\u0085",
            "\ud800",
            "a/\udc00/b");

    private final Path root = Path.of("/storage/objects");
    private final KeyPaths paths = new KeyPaths(root, false);

    @ParameterizedTest
    @FieldSource("LEADING_AWAY")
    void resolve_keyLeadingAway_isRefused(String key) {
        assertThatThrownBy(() -> paths.resolve("stat", key))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("stat ")
                .message()
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b",
                "...",
                "..a/b..",
                "a/.b",
                "~",
                "ab:c",
                "a/C:",
                "-",
                "%2e%2e/x",
                "문서/\ud83d\ude00",
                " "
            })
    void resolve_anyOtherKey_isThatPathBelowTheRoot(String key) {
        Path path = paths.resolve("stat", key);
        assertThat(path.startsWith(root)).isTrue();
        assertThat(root.relativize(path)).hasToString(key);
    }
}

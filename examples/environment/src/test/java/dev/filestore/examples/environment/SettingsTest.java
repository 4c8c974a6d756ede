package dev.filestore.examples.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=plain             | plain",
                "A = spaced out      | spaced out",
                "export A=exported   | exported",
                "A=value # a comment | value",
                "A=half#value        | half#value",
                "A=\"two # words\"   | two # words",
                "A='it is $5 \\n'    | it is $5 \\n",
                "A=\"a \\\"b\\\" \\\\\" # c | a \"b\" \\",
                "A=a=b               | a=b",
                "A=문서              | 문서",
            })
    void load_lineOfFile_givesItsValue(String line, String value) throws IOException {
        assertThat(load("# a comment\n\n" + line + "\n", Map.of()).find("A")).contains(value);
    }

    @Test
    void load_sameNameTwice_environmentWinsOverFileAndLaterLineOverEarlier() throws IOException {
        Settings settings = load("A=1\nB=2\nB=3\n", Map.of("A", "env"));

        assertThat(settings.find("A")).contains("env");
        assertThat(settings.find("B")).contains("3");
    }

    @Test
    void load_blankValue_isNotSet() throws IOException {
        Settings settings = load("A=\nB=kept\n", Map.of("B", " "));

        assertThat(settings.find("A")).isEmpty();
        assertThat(settings.find("B")).contains("kept");
    }

    @Test
    void load_absentFile_givesEnvironment() {
        assertThat(Settings.load(folder.resolve("none"), Map.of("A", "1")).asMap())
                .containsExactly(Map.entry("A", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"just s3cret words", "1A=s3cret", "A=\"s3cret", "A='s3cret", "A='x' s3cret"})
    void load_brokenLine_namesLineAndKeepsItsText(String line) {
        assertThatThrownBy(() -> load("B=1\n" + line + "\n", Map.of()))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void number_outsideBounds_namesSettingAndBounds() throws IOException {
        Settings settings = load("PORT=70000\nSIZE=many\n", Map.of());

        assertThat(settings.number("NONE", 0, 9, 5)).isEqualTo(5);
        assertThatThrownBy(() -> settings.number("PORT", 0, 65535, 8000))
                .hasMessage("PORT must be a whole number from 0 to 65535, found 70000");
        assertThatThrownBy(() -> settings.number("SIZE", 1, 9, 5)).isInstanceOf(SettingException.class);
    }

    @Test
    void toString_ofSettings_holdsNoValue() throws IOException {
        assertThat(load("A=s3cret\n", Map.of())).hasToString("Settings[A]");
    }

    private Settings load(String text, Map<String, String> environment) throws IOException {
        return Settings.load(Files.writeString(folder.resolve(".env"), text), environment);
    }
}

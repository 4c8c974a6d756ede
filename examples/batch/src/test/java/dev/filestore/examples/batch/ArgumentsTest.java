package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

    @TempDir
    private Path folder;

    @Test
    void parse_optionsInAnyOrder_givesThem() throws Exception {
        assertThat(Arguments.parse("--threads", "8", folder.toString(), "--owner", "김철수"))
                .isEqualTo(new Arguments(folder, "김철수", 8));
        assertThat(Arguments.parse("--owner", "1", folder.toString()).threads()).isEqualTo(4);
    }

    @Test
    void parse_sweep_hasNoFolder() throws Exception {
        assertThat(Arguments.parse("sweep").folder()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', --owner is missing",
        "--owner 1, the folder is missing",
        "--owner, --owner needs a value",
        "--owner 1 --threads 0 ., '--threads is a whole number from 1 to 64, found 0'",
        "--owner 1 --threads many ., '--threads is a whole number from 1 to 64, found many'",
        "--owner 1 --fast ., there is no option --fast",
        "--owner 1 . .., 'one folder at a time, found . and ..'",
        "--owner 1 /no/such/folder, not a folder: /no/such/folder",
    })
    void parse_wrongUsage_saysWhat(String line, String message) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        assertThatThrownBy(() -> Arguments.parse(args))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage(message);
    }
}

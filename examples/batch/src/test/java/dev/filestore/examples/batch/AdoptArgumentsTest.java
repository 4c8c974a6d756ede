package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.Adoption;
import dev.filestore.examples.batch.Arguments.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdoptArgumentsTest {

    @TempDir
    private Path folder;

    @Test
    void parse_query_isADryRun() throws Exception {
        assertThat(AdoptArguments.parse("adopt", "--query", "select 1"))
                .isEqualTo(new AdoptArguments("select 1", Adoption.Mode.READ, 4, 10, null));
    }

    @Test
    void parse_everything_isTaken() throws Exception {
        Path report = folder.resolve("r.tsv");
        assertThat(AdoptArguments.parse(
                        "adopt",
                        "--apply",
                        "--threads",
                        "8",
                        "--show",
                        "3",
                        "--report",
                        report.toString(),
                        "--query",
                        "q"))
                .isEqualTo(new AdoptArguments("q", Adoption.Mode.APPLY, 8, 3, report));
        assertThat(AdoptArguments.parse("adopt", "--quick", "--query", "q"))
                .isEqualTo(new AdoptArguments("q", Adoption.Mode.LOOK, 4, 10, null));
    }

    @Test
    void parse_anotherCommand_isNotOurs() throws Exception {
        assertThat(AdoptArguments.parse("sweep")).isNull();
        assertThat(AdoptArguments.parse()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "adopt, --query is missing",
        "adopt --query, --query needs a value",
        "adopt --query q --aply, adopt has no option --aply",
        "adopt --query q --threads 65, --threads is a whole number from 1 to 64",
        "adopt --query q --quick --apply, one or the other",
    })
    void parse_wrongUsage_isTold(String line, String message) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> AdoptArguments.parse(line.split(" ")))
                .withMessageContaining(message);
    }

    @Test
    void parse_reportThatIsThere_isNotOverwritten() throws Exception {
        Path report = Files.createFile(folder.resolve("r.tsv"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> AdoptArguments.parse("adopt", "--query", "q", "--report", report.toString()))
                .withMessageContaining("already");
    }
}

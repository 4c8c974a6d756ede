package dev.filestore.examples.batch;

import static dev.filestore.AuditFinding.Kind.ORPHAN_OBJECT;
import static dev.filestore.AuditFinding.Kind.STALE_UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
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
                .isEqualTo(new Arguments(folder, "김철수", 8, null));
        assertThat(Arguments.parse("--owner", "1", folder.toString()).threads()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"--help, true", "-h, true", "help, true", "sweep, false", "--owner help, false", "'', false"})
    void asksForHelp_oneWordAlone_does(String line, boolean asks) {
        assertThat(Arguments.asksForHelp(line.split(" "))).isEqualTo(asks);
    }

    @Test
    void synopsis_beginsTheUsage_whichSaysMore() {
        assertThat(Arguments.USAGE)
                .startsWith(Arguments.SYNOPSIS)
                .contains("batch export USER FILE.zip\n\nUploads every file", "Exit status: 0");
        assertThat(Arguments.SYNOPSIS).startsWith("usage: batch").doesNotContain("Exit status");
    }

    @Test
    void parse_sweep_hasNoFolder() throws Exception {
        assertThat(Arguments.parse("sweep").folder()).isNull();
    }

    @Test
    void parse_audit_givesItsOptions() throws Exception {
        assertThat(Arguments.parse("audit", "uploads/"))
                .isEqualTo(new Arguments(
                        null, "", 1, new AuditArguments("uploads/", Duration.ofHours(24), Set.of(), 100)));
        assertThat(Arguments.parse("audit", "--apply", "orphan_object,STALE_UPLOAD", "--cap", "7", "", "--grace", "1")
                        .audit())
                .isEqualTo(new AuditArguments("", Duration.ofHours(1), Set.of(ORPHAN_OBJECT, STALE_UPLOAD), 7));
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
        "audit, 'the prefix is missing, such as uploads/ or, for the whole bucket, \"\"'",
        "audit a b, 'one prefix at a time, found a and b'",
        "audit /a, no key starts with the prefix /a",
        "audit a --owner 1, audit has no option --owner",
        "audit a --grace 0, '--grace is a whole number from 1 to 8760, found 0'",
        "audit a --cap many, '--cap is a whole number from 1 to 100000, found many'",
        "audit a --apply all, '--apply: there is no kind all; it takes orphan_object, missing_object, stale_upload and wrong_count'",
        "audit a --apply orphan_object;, '--apply: there is no kind orphan_object;; it takes orphan_object, missing_object, stale_upload and wrong_count'",
        "audit a --apply wrong_size, WRONG_SIZE cannot be applied",
        "audit a --apply, --apply needs a value",
    })
    void parse_wrongUsage_saysWhat(String line, String message) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        assertThatThrownBy(() -> Arguments.parse(args))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage(message);
    }
}

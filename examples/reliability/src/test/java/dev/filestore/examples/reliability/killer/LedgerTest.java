package dev.filestore.examples.reliability.killer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.reliability.killer.Upload.Expected;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final StringWriter journal = new StringWriter();
    private final Ledger ledger = new Ledger(journal);
    private final Upload upload = intend(1);

    @Test
    void read_rightBytes_isKept() {
        ledger.stored(upload, 7);

        ledger.read(upload, upload.expected(Instant.now()), upload.sha256(), "its content");

        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void read_otherBytes_namesWhoseTheyAre() {
        ledger.stored(upload, 7);
        Upload other = intend(2);

        ledger.read(upload, Expected.PRESENT, other.sha256(), "its content");

        assertThat(ledger.violations())
                .singleElement()
                .asString()
                .startsWith("WRONG BYTES: its content gave upload 2 ");
    }

    @Test
    void read_partOfTheBytes_isViolation() {
        ledger.stored(upload, 7);

        ledger.read(upload, Expected.PRESENT, Content.sha256(new byte[5]), "its content");

        assertThat(ledger.violations())
                .singleElement()
                .asString()
                .startsWith("WRONG BYTES: its content gave bytes that nobody");
    }

    @Test
    void read_missingThoughStored_isViolation() {
        ledger.stored(upload, 7);

        ledger.read(upload, Expected.PRESENT, null, "its content");

        assertThat(ledger.violations()).singleElement().asString().startsWith("LOST: its content");
        assertThat(journal.toString()).contains("VIOLATION LOST");
    }

    @Test
    void read_missingWhileDeleteIsAsked_isKept() {
        ledger.stored(upload, 7);
        ledger.deleteAsked(upload);

        ledger.read(upload, Expected.PRESENT, null, "its content");

        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void read_afterDelete_isViolation() {
        ledger.stored(upload, 7);
        ledger.deleteAsked(upload);
        ledger.removed(upload);

        ledger.read(upload, upload.expected(Instant.now()), upload.sha256(), "an old signed address");

        assertThat(ledger.violations()).singleElement().asString().startsWith("CAME BACK: an old signed address");
    }

    @Test
    void read_afterItWasHidden_isViolation() {
        ledger.stored(upload, 7);
        ledger.deleteAsked(upload);
        ledger.hidden(upload);

        ledger.read(upload, upload.expected(Instant.now()), upload.sha256(), "its content");

        assertThat(ledger.violations()).singleElement().asString().startsWith("CAME BACK: its content");
    }

    @Test
    void expected_ttl_isOverAtItsEndAndUncertainAround() {
        Content content = new Content(3, 100);
        Instant sent = Instant.now();
        Upload temporary = new Upload("kim", "a.pdf", content, "x", Duration.ofHours(1), sent);
        temporary.stored(8, sent);

        assertThat(temporary.expected(sent.plus(Duration.ofMinutes(59)))).isEqualTo(Expected.PRESENT);
        assertThat(temporary.expected(sent.plus(Duration.ofHours(1)))).isEqualTo(Expected.EITHER);
        assertThat(temporary.expected(sent.plus(Duration.ofMinutes(61)))).isEqualTo(Expected.GONE);
    }

    @Test
    void expected_byAnswer_isWhatWasPromised() {
        Instant now = Instant.now();
        assertThat(upload.expected(now)).isEqualTo(Expected.EITHER);
        upload.answered(Upload.Answer.UNKNOWN, now);
        assertThat(upload.expected(now)).isEqualTo(Expected.EITHER);
        upload.seen(7);
        assertThat(upload.expected(now)).isEqualTo(Expected.PRESENT);
        upload.answered(Upload.Answer.REFUSED, now);
        assertThat(upload.expected(now)).isEqualTo(Expected.GONE);
    }

    @Test
    void list_storedFileMissing_isViolation() {
        ledger.stored(upload, 7);

        list("{\"total\":0,\"files\":[]}");

        assertThat(ledger.violations()).singleElement().asString().startsWith("LOST: a list");
    }

    @Test
    void list_deletedFileShown_isViolation() {
        ledger.stored(upload, 7);
        ledger.removed(upload);

        list("{\"total\":1,\"files\":[" + listed(7, 1_000) + "]}");

        assertThat(ledger.violations()).singleElement().asString().startsWith("CAME BACK: a list");
    }

    @Test
    void list_fileOfAnother_isViolation() {
        ledger.stored(upload, 7);

        list("{\"total\":2,\"files\":[" + listed(7, 1_000) + "," + listed(8, 999) + "]}");

        assertThat(ledger.violations()).singleElement().asString().startsWith("FOREIGN: the list of kim");
    }

    @Test
    void list_fileOfUnknownOutcome_isThereFromNowOn() {
        ledger.answered(upload, Upload.Answer.UNKNOWN);

        list("{\"total\":1,\"files\":[" + listed(7, 1_000) + "]}");

        assertThat(ledger.violations()).isEmpty();
        assertThat(upload.id()).isEqualTo(7);
        assertThat(upload.expected(Instant.now())).isEqualTo(Expected.PRESENT);
    }

    private void list(String json) {
        List<Upload> before = ledger.of("kim");
        List<Expected> expected =
                before.stream().map(one -> one.expected(Instant.now())).toList();
        new ListCheck(ledger, "kim", new Answer(200, json.getBytes(StandardCharsets.UTF_8))).check(before, expected);
    }

    private static String listed(long id, long size) {
        return "{\"id\":" + id + ",\"file_key\":\"k\",\"original_filename\":\"a.pdf\",\"file_size\":" + size
                + ",\"expires_at\":null}";
    }

    private Upload intend(long number) {
        Content content = new Content(number, 1_000);
        return ledger.intend("kim", "a.pdf", content, Content.sha256(content.bytes()), null);
    }
}

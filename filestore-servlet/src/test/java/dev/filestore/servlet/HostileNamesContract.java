package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.filestore.servlet.HostileNames.Name;
import dev.filestore.servlet.Wire.Answer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * File names, followed to every place where they go: row, key, disk, JSON, {@code Content-Disposition}, {@code Location},
 * log, and the messages of refusals.
 *
 * <ul>
 *   <li>CVE-2021-28658, CVE-2021-31542, CVE-2021-45452 (Django), CVE-2026-33195 (Rails): a path in a name, or dot segments,
 *       reached the disk.
 *   <li>CVE-2021-32708 (Flysystem): characters were taken away behind the check, which left an extension that it forbids.
 *   <li>CVE-2026-26962 (Rack): a folded header left its line break in the name, and so in the header of an answer.
 *   <li>CVE-2026-53537 (python-multipart): {@code filename*} and {@code name*} said other than what those who looked before
 *       had read. Here the first counts, for clients that send both, and the type is judged by that very name; the second is nothing.
 *   <li>CVE-2026-34827 (Rack): many escapes in quotes took time that grew faster than their number.
 * </ul>
 */
abstract class HostileNamesContract extends HostileContract.Group {

    /** Letters, digits and marks of every script, and three signs. */
    private static final String KEY = "uploads/%s/[0-9]{8}_[0-9]{6}_([0-9a-f]{16}_)?[\\p{L}\\p{Nd}\\p{M}._-]+";

    private static byte[] form(String parameters) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(ascii("--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\""));
        form.writeBytes(parameters.getBytes(StandardCharsets.ISO_8859_1));
        form.writeBytes(ascii("\r\nContent-Type: application/pdf\r\n\r\n"));
        form.writeBytes(HttpCalls.PDF);
        form.writeBytes(ascii("\r\n--" + Form.BOUNDARY + "--\r\n"));
        return form.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static java.util.stream.Stream<Name> names() {
        return HostileNames.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void upload_hostileName_isHarmlessWhereverItGoes(Name name) {
        Answer uploaded = upload(form(name.parameters()));

        if (name.isRefused()) {
            assertRefused(uploaded, name.stored());
            return;
        }
        JsonNode file = json(uploaded);
        assertThat(uploaded.status()).as(file.toString()).isEqualTo(201);
        String stored = file.path("original_filename").asText();
        assertThat(stored.replaceAll("\ufffd+", "\ufffd")).isEqualTo(name.stored());
        long id = file.path("file_id").asLong();
        assertThat(uploaded.field("Location")).isEqualTo(target().base().getRawPath() + "/" + id);
        assertKey(file.path("file_key").asText());
        assertAddress(file.path("url").asText());
        assertToldAlike(id, file);
        assertServed(get("/" + id + "/content"), stored);
        assertThat(target().audit().isClean()).isTrue();
    }

    private void assertKey(String key) {
        assertThat(key).matches(KEY.formatted(user)).doesNotContain("..\\", "/..");
        assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
        assertThat(Normalizer.isNormalized(key, Normalizer.Form.NFC)).isTrue();
        assertThat(target().metadata().findByKey(key)).isPresent();
        assertThat(target().besideTheRoot()).isEmpty();
        assertThat(target().files()).contains(key).allMatch(path -> path.startsWith("uploads/"));
    }

    private static void assertAddress(String address) {
        assertThat(address).matches("[!-~]+").doesNotContain("\"", "<", ">", "\\", "^", "`", "{", "|", "}");
        assertThat(URI.create(address).getPath()).doesNotContain("/../");
    }

    /** The other answers tell the same of the file as that to the upload. */
    private void assertToldAlike(long id, JsonNode uploaded) {
        JsonNode found = json(get("/" + id));
        JsonNode listed = json(get(""));
        JsonNode presigned = json(
                send("POST", "/presigned-url", ascii("{\"file_id\":" + id + "}"), "Content-Type: application/json"));
        assertThat(listed.path("total").asInt()).isOne();
        assertThat(listed.path("files").path(0)).isEqualTo(found);
        for (String field : new String[] {"file_key", "original_filename", "content_type", "category"}) {
            assertThat(found.path(field)).isEqualTo(uploaded.path(field));
        }
        assertThat(found.path("s3_url")).isEqualTo(uploaded.path("url"));
        assertThat(presigned.path("file_key")).isEqualTo(uploaded.path("file_key"));
        String address = presigned.path("presigned_url").asText();
        assertAddress(address);
        String below = address.substring(target().base().toString().length());
        assertServed(
                send(target().anonymous(), "GET", below, new byte[0]),
                uploaded.path("original_filename").asText());
    }

    private static void assertServed(Answer answer, String name) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(HttpCalls.PDF);
        assertThat(answer.field("Content-Type")).isEqualTo("application/pdf");
        assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
        Disposition.Parsed disposition = Disposition.parse(String.valueOf(answer.field("Content-Disposition")));
        assertThat(disposition.type()).isEqualTo("attachment");
        assertThat(disposition.parameters().keySet()).isSubsetOf("filename", "filename*");
        assertThat(disposition.name()).isEqualTo(name);
    }
}

package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.StoredFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S3Proxy verifies signatures: of an address nothing can be changed, added or left out. */
class S3ProxyServedObjectsTest extends ServedObjectsContract {

    private static S3ProxyServer server;
    private static HttpClient http;

    S3ProxyServedObjectsTest() {
        super(
                new S3StorageBackend(
                        server.settings().partSizeBytes(BucketContract.PART).build()),
                server.client(),
                S3ProxyServer.BUCKET,
                http);
    }

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.inMemory();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    S3StorageBackend storage() {
        return new S3StorageBackend(
                server.settings().partSizeBytes(BucketContract.PART).build());
    }

    private String signed(StoredFile file) {
        return store.presign(file.id(), Duration.ofHours(1)).url().toString();
    }

    private int get(String url) throws Exception {
        return send("GET", URI.create(url)).statusCode();
    }

    @Test
    void signed_anyParameterChangedOrLeftOut_isRefused() throws Exception {
        String signed = signed(stored("changed.png", PNG));
        String base = signed.substring(0, signed.indexOf('?') + 1);
        List<String> parameters = Arrays.asList(signed.substring(base.length()).split("&", -1));
        assertThat(parameters)
                .extracting(parameter -> parameter.replaceAll("=.*", ""))
                .containsExactlyInAnyOrder(
                        "X-Amz-Algorithm",
                        "X-Amz-Credential",
                        "X-Amz-Date",
                        "X-Amz-Expires",
                        "X-Amz-Signature",
                        "X-Amz-SignedHeaders",
                        "response-content-disposition",
                        "response-content-type");
        assertThat(get(signed)).isEqualTo(200);
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            String name = parameter.substring(0, parameter.indexOf('=') + 1);
            for (String other : List.of(name, name + "1", name + "text%2Fhtml", parameter + "0", "x=1")) {
                String changed = with(parameters, i, other);
                assertThat(get(base + changed))
                        .as("%s instead of %s", other, name)
                        .isBetween(400, 403);
            }
        }
    }

    private static String with(List<String> parameters, int index, String other) {
        List<String> changed = new ArrayList<>(parameters);
        changed.set(index, other);
        return String.join("&", changed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "response-content-type=text%2Fhtml",
                "response-content-disposition=attachment",
                "response-cache-control=public",
                "response-content-encoding=gzip",
                "versionId=1",
                "uploads=",
                "acl="
            })
    void signed_parameterAdded_changesNothing(String parameter) throws Exception {
        String signed = signed(stored("added.png", PNG));

        for (String changed : List.of(signed + "&" + parameter, signed.replace("?", "?" + parameter + "&"))) {
            HttpResponse<byte[]> answer = send("GET", URI.create(changed));
            // Of two parameters of a name S3Proxy verifies and takes the first, and passes over the other.
            if (answer.statusCode() == 200) {
                assertThat(parameter).startsWith("response-content-");
                assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
                assertThat(answer.headers().firstValue("Content-Disposition"))
                        .contains("inline; filename=\"added.png\"");
            } else {
                assertThat(answer.statusCode()).isBetween(400, 403);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "POST", "HEAD"})
    void signed_byAnotherMethod_isRefusedAndDoesNothing(String method) throws Exception {
        StoredFile file = stored("method.png", PNG);

        assertThat(send(method, URI.create(signed(file))).statusCode()).isBetween(400, 403);
        assertThat(get(signed(file))).isEqualTo(200);
    }

    @Test
    void signed_forOneObject_opensNoOther() throws Exception {
        StoredFile file = stored("one.png", PNG);
        StoredFile other = stored("other.png", PNG);
        String signed = signed(file);
        String changed = signed.replace(file.key(), other.key());
        assertThat(changed).isNotEqualTo(signed);

        assertThat(get(changed)).isEqualTo(403);
        assertThat(get(signed.replace("/" + file.key(), "/"))).isEqualTo(403);
        assertThat(get(signed.replaceAll("\\?.*", ""))).isEqualTo(403);
    }
}

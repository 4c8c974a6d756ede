package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.environment.Settings;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the page is served, and whom the developer's login lets in. */
class PageTest {

    private static final String SECRET = "a-secret-of-a-test-that-nobody-knows-0123456789";

    @TempDir
    private Path folder;

    @Test
    void page_asServed_bringsNoScriptOfAnothersAndNoInlineOne() throws Exception {
        try (WebApp app = start(Map.of())) {
            String page = get(app, "/");

            assertThat(page).startsWith("HTTP/1.1 200").contains("text/html;charset=utf-8", "nosniff");
            String policy = field(page, "Content-Security-Policy");
            assertThat(policy)
                    .contains("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
                    .doesNotContain("unsafe", "http", "*");
            assertThat(page).doesNotContain("style=", "javascript:");
            Matcher scripts = Pattern.compile("<script([^>]*)>(.*?)</script>").matcher(page);
            assertThat(scripts.results().map(script -> script.group(2))).containsExactly("");
            Matcher addresses = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
            List<String> used = addresses.results().map(found -> found.group(1)).toList();
            assertThat(used).isNotEmpty().allMatch(address -> address.startsWith("/page/") || address.startsWith("#"));
            for (String address : used) {
                if (address.startsWith("/")) {
                    assertThat(get(app, address)).startsWith("HTTP/1.1 200");
                }
            }
        }
    }

    @Test
    void page_thatIsKnown_isNotSentAgain() throws Exception {
        try (WebApp app = start(Map.of())) {
            String tag = field(get(app, "/page/style.css"), "ETag");

            assertThat(send(app, "GET", "/page/style.css", host(app), "If-None-Match: " + tag))
                    .startsWith("HTTP/1.1 304");
            assertThat(get(app, "/page/../page/none.js")).startsWith("HTTP/1.1 404");
            assertThat(get(app, "/page/WEB-INF")).startsWith("HTTP/1.1 404");
            assertThat(get(app, "/page/config.json")).contains("\"max_bytes\":52428800", "\"user\":\"123\"");
        }
    }

    @Test
    void login_fromThePage_givesATokenOfThatUser() throws Exception {
        try (WebApp app = start(Map.of())) {
            String answer = send(app, "POST", "/login/123", host(app), origin(app));

            assertThat(answer).startsWith("HTTP/1.1 200").contains("no-store");
            String token = answer.replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
            assertThat(send(app, "GET", "/api/files", host(app), "Authorization: Bearer " + token))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"total\":0");
        }
    }

    /** Another site's page, one that has its own name lead to this machine, a proxy in front, an unknown user, a GET. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "POST | /login/123   | own          | none",
                "POST | /login/123   | own          | Origin: http://evil.example",
                "POST | /login/123   | own          | Origin: null",
                "POST | /login/admin | evil.example | Origin: http://evil.example",
                "POST | /login/admin | evil.example | own",
                "POST | /login/123   | own          | own, X-Forwarded-For: 192.0.2.7",
                "POST | /login/123   | own          | own, Forwarded: for=192.0.2.7",
                "POST | /login/123   | own          | own, Via: 1.1 proxy",
                "POST | /login/root  | own          | own",
                "POST | /login/      | own          | own",
                "GET  | /login/123   | own          | own",
            })
    void login_fromElsewhere_givesNothing(String method, String path, String host, String fields) throws Exception {
        try (WebApp app = start(Map.of())) {
            String sent = fields == null
                    ? "X-None: 1"
                    : fields.replaceFirst("^own", origin(app)).replace(", ", "\r\n");

            String answer = send(app, method, path, host.equals("own") ? host(app) : "Host: " + host, sent);

            assertThat(answer).containsPattern("^HTTP/1.1 40[35]").doesNotContain("token");
        }
    }

    /** Where a secret is set tokens are good elsewhere too, and where an address is set others are served. */
    @ParameterizedTest
    @ValueSource(strings = {"JWT_SECRET=" + SECRET, "PUBLIC_URL=http://127.0.0.1:8000", "HOST=0.0.0.0"})
    void login_whereAnythingTellsOfOthers_isNotThere(String setting) throws Exception {
        try (WebApp app = start(
                Map.of(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1)))) {
            assertThat(send(app, "POST", "/login/123", host(app), origin(app)))
                    .containsPattern("^HTTP/1.1 40[45]")
                    .doesNotContain("token");
            assertThat(get(app, "/page/config.json")).contains("\"login\":[]");
            assertThat(get(app, "/")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void page_byTheNameLocalhost_leadsToTheAddressThatLinksBear() throws Exception {
        try (WebApp app = start(Map.of())) {
            String answer =
                    send(app, "GET", "/", "Host: localhost:" + app.address().getPort(), "X-None: 1");

            assertThat(answer).startsWith("HTTP/1.1 302");
            assertThat(field(answer, "Location")).isEqualTo(app.address() + "/");
        }
    }

    private WebApp start(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DATA_DIR", folder.toString());
        all.put("PORT", "0");
        return WebApp.start(Settings.load(folder.resolve("none"), all));
    }

    private static String host(WebApp app) {
        return "Host: " + app.address().getAuthority();
    }

    private static String origin(WebApp app) {
        return "Origin: " + app.address();
    }

    private static String get(WebApp app, String path) throws IOException {
        return send(app, "GET", path, host(app), "X-None: 1");
    }

    /** Over a socket: a client of HTTP writes these fields itself. */
    private static String send(WebApp app, String method, String path, String host, String fields) throws IOException {
        URI address = app.address();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\n" + host + "\r\n" + fields
                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String field(String answer, String name) {
        return Pattern.compile("(?m)^" + name + ": (.*?)\r?$")
                .matcher(answer)
                .results()
                .findFirst()
                .map(found -> found.group(1))
                .orElseThrow();
    }
}

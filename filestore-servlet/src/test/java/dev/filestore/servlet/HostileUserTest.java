package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.NotAuthorizedException;
import dev.filestore.local.LocalStorage;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.servlet.HttpCalls.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users whose ids are made to lead elsewhere, or to be taken for somebody else's: through tokens, over HTTP, onto a disk. */
class HostileUserTest {

    private static final List<String> USERS = List.of(
            "123",
            "../123",
            "../../etc/passwd",
            "..",
            ".",
            "...",
            "/",
            "//",
            "/123",
            "123/",
            "123/..",
            "123/../124",
            "a/b",
            "a\\b",
            "..\\..\\x",
            "C:\\x",
            "C:",
            "~root",
            "a%2fb",
            "a%2Fb",
            "a=2Fb",
            "%2e%2e",
            "=2E=2E",
            "=2E",
            "=h" + "0".repeat(64),
            "bob",
            "Bob",
            "BOB",
            "bob ",
            " bob",
            "bob.",
            "bob\t",
            "bob\n",
            "bob\r\nX-Admin: 1",
            "bob\u200b",
            "bob\u202e",
            "b\u043eb",
            "\u00e9",
            "e\u0301",
            "\u212b",
            "\u00c5",
            "\ufb01",
            "fi",
            "\ud83d\ude00",
            "\u0001",
            "\u007f",
            " ",
            "  ",
            "'; drop table file_uploads; --",
            "%",
            "_",
            "*",
            "?",
            "null",
            "-",
            "CON",
            "\ufffd",
            "x".repeat(200),
            "x".repeat(201),
            "x".repeat(255),
            "/".repeat(255),
            "\ud55c".repeat(255));

    private static final Pattern KEY =
            Pattern.compile("uploads/([A-Za-z0-9_@=-][A-Za-z0-9_.@=-]{0,199})/[0-9]{8}_[0-9]{6}_a\\.pdf");

    private static HttpCalls calls(ServletServer server, String user) {
        return new HttpCalls(
                server.base(), MemoryTarget.token(user, "user", Instant.now().plusSeconds(3600)));
    }

    @Test
    void user_ofAnyId_hasAFolderOfTheirOwnAndSeesNobodyElsesFiles(@TempDir Path root) throws IOException {
        Map<String, Long> ids = new LinkedHashMap<>();
        Map<String, String> keys = new LinkedHashMap<>();
        Set<String> segments = new HashSet<>();
        AccessPolicy access =
                JwtAccessPolicy.builder().hs256(MemoryTarget.SECRET).build();
        Path home = Files.createDirectory(root.resolve("home"));
        try (FileStore store = FileStore.builder()
                        .storage(new LocalStorage(home))
                        .metadata(new MemoryMetadata())
                        .build();
                ServletServer server = new JettyServer(ServletServer.Mount.USUAL)) {
            server.start(FileStoreServlet.builder(store, access).build());
            for (String user : USERS) {
                Answer answer = calls(server, user).uploadPdf("a.pdf");
                assertThat(answer.status()).as(user).isEqualTo(201);
                String key = answer.field("file_key");
                Matcher parts = KEY.matcher(key);
                assertThat(parts.matches()).as(key).isTrue();
                segments.add(parts.group(1));
                keys.put(user, key);
                ids.put(user, answer.id());
            }
            assertThat(segments).hasSameSizeAs(USERS);

            for (String user : USERS) {
                Answer list = calls(server, user).get("");
                assertThat(list.body()).startsWith("{\"total\":1,").contains("\"id\":" + ids.get(user) + ",");
                assertThat(calls(server, user)
                                .get("/" + ids.get(user) + "/content")
                                .response()
                                .body())
                        .isEqualTo(HttpCalls.PDF);
                String next = USERS.get((USERS.indexOf(user) + 1) % USERS.size());
                assertThat(calls(server, user).get("/" + ids.get(next)).failure())
                        .isEqualTo("403 Not authorized");
                assertThat(calls(server, user)
                                .send("DELETE", "/" + ids.get(next), request -> {})
                                .failure())
                        .isEqualTo("403 Not authorized");
                for (String other : USERS) {
                    if (!other.equals(user)) {
                        assertThatThrownBy(() -> store.as(Caller.user(user)).find(ids.get(other)))
                                .isInstanceOf(NotAuthorizedException.class);
                    }
                }
            }
        }
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(keys.values().stream()
                            .map(key -> "home/objects/" + key)
                            .toList());
        }
    }
}

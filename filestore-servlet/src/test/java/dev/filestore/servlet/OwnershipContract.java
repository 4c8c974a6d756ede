package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of every path, by everybody who may ask: a path or a method that is added without a row here fails the
 * build. That a stranger is told 403 and not 404 is what the HTTP contract says.
 *
 * <p>Of what it keeps in mind: ActiveStorage's routes were open to whoever had a link (rails/rails guide, "Active Storage
 * Overview", warning), and supabase/storage took the token of a download for an upload (its pull request 1135).
 */
abstract class OwnershipContract extends HttpContract.Group {

    /** Who asks. */
    enum Who {
        ANONYMOUS,
        OWNER,
        OTHER,
        ADMIN,
        /** With a token of the owner that is over. */
        EXPIRED,
        /** With the signature of an address of the file, and no token. */
        SIGNATURE
    }

    /** A request, and the status for each of those, in their order. */
    record Row(String method, String path, int anonymous, int owner, int other, int admin, int expired, int signature) {

        int status(Who who) {
            return switch (who) {
                case ANONYMOUS -> anonymous;
                case OWNER -> owner;
                case OTHER -> other;
                case ADMIN -> admin;
                case EXPIRED -> expired;
                case SIGNATURE -> signature;
            };
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final String FILE = "/{id}";
    private static final String CONTENT = "/{id}/content";
    private static final String OPENAPI = "/openapi.json";
    private static final String NOTHING = "/{id}/nothing";

    private static final Map<Route.Target, List<Row>> TABLE = Map.of(
            Route.Target.UPLOAD,
            List.of(new Row("POST", "/upload", 401, 201, 201, 201, 401, 401), options("/upload")),
            Route.Target.FILES,
            List.of(
                    new Row("GET", "", 401, 200, 200, 200, 401, 401),
                    new Row("HEAD", "", 401, 200, 200, 200, 401, 401),
                    options("")),
            Route.Target.PRESIGNED_URL,
            List.of(new Row("POST", "/presigned-url", 401, 200, 403, 200, 401, 401), options("/presigned-url")),
            Route.Target.FILE,
            List.of(
                    new Row("GET", FILE, 401, 200, 403, 200, 401, 401),
                    new Row("HEAD", FILE, 401, 200, 403, 200, 401, 401),
                    new Row("DELETE", FILE, 401, 200, 403, 200, 401, 401),
                    options(FILE)),
            Route.Target.CONTENT,
            List.of(
                    new Row("GET", CONTENT, 401, 200, 403, 200, 401, 200),
                    new Row("HEAD", CONTENT, 401, 200, 403, 200, 401, 200),
                    new Row("DELETE", CONTENT, 401, 405, 405, 405, 401, 401),
                    new Row("PUT", CONTENT, 401, 405, 405, 405, 401, 401),
                    options(CONTENT)),
            Route.Target.OPENAPI,
            List.of(
                    new Row("GET", OPENAPI, 200, 200, 200, 200, 200, 200),
                    new Row("HEAD", OPENAPI, 200, 200, 200, 200, 200, 200),
                    new Row("DELETE", OPENAPI, 401, 405, 405, 405, 401, 401),
                    options(OPENAPI)),
            Route.Target.NOTHING,
            List.of(new Row("GET", NOTHING, 401, 404, 404, 404, 401, 401), options(NOTHING)));

    private static Row options(String path) {
        return new Row("OPTIONS", path, 204, 204, 204, 204, 204, 204);
    }

    static Stream<Arguments> crossings() {
        return TABLE.values().stream()
                .flatMap(List::stream)
                .flatMap(row -> Arrays.stream(Who.values()).map(who -> Arguments.of(row, who)));
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("crossings")
    void request_byEverybody_isAnsweredAsTheTableSays(Row row, Who who) {
        Answer uploaded = mine().uploadPdf("owners.pdf");
        long id = uploaded.id();
        HttpCalls calls = calls(who);

        Answer answer = send(calls, row, id, who == Who.SIGNATURE ? signature(id) : "");

        boolean meansNothing = who == Who.SIGNATURE && row.path.equals(CONTENT) && !isSignedHere(id);
        assertThat(answer.status()).isEqualTo(meansNothing && row.status(who) == 200 ? 401 : row.status(who));
        if (answer.status() >= 400) {
            // Nothing is told of the file, and it is as it was.
            assertThat(answer.body()).doesNotContain(uploaded.field("file_key"), "owners.pdf");
            assertThat(mine().get("/" + id + "/content").response().body()).isEqualTo(HttpCalls.PDF);
        }
        if (answer.status() == 401) {
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
        boolean shown = answer.status() == 200 && row.method.equals("GET");
        if (shown && row.path.isEmpty()) {
            // Each is shown a list of their own, also an admin.
            assertThat(answer.body().contains("owners.pdf")).isEqualTo(who == Who.OWNER);
        } else if (shown && row.path.equals(CONTENT)) {
            assertThat(answer.response().body()).isEqualTo(HttpCalls.PDF);
        }
    }

    @Test
    void signature_ofOneFile_opensNoOther() {
        long id = mine().uploadPdf("a.pdf").id();
        long another = mine().uploadPdf("b.pdf").id();

        assertThat(anonymous().get("/" + another + "/content" + signature(id)).failure())
                .isEqualTo(isSignedHere(another) ? "403 Not authorized" : "401 Authentication required");
    }

    @Test
    void everyMethodOfEveryPath_hasARowInTheTable() {
        List<String> missing = new ArrayList<>();
        for (Route.Target target : Route.Target.values()) {
            List<Row> rows = TABLE.getOrDefault(target, List.of());
            for (String method : new TreeSet<>(List.of(target.allow().split(", ", -1)))) {
                boolean there = rows.stream().anyMatch(row -> row.method.equals(method));
                if (!there
                        || rows.stream()
                                .anyMatch(row -> Route.of(example(row.path)).target() != target)) {
                    missing.add(method + " " + target);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static String example(String path) {
        return path.replace("{id}", "42");
    }

    private HttpCalls calls(Who who) {
        return switch (who) {
            case ANONYMOUS, SIGNATURE -> anonymous();
            case OWNER -> mine();
            case OTHER -> as("user-" + UUID.randomUUID());
            case ADMIN -> admin();
            case EXPIRED -> new HttpCalls(target().base(), target().expiredToken(user));
        };
    }

    private static Answer send(HttpCalls calls, Row row, long id, String query) {
        String path = row.path.replace("{id}", Long.toString(id)) + query;
        if (row.method.equals("POST")) {
            return row.path.equals("/upload")
                    ? calls.upload(path, new Form().file("file", "new.pdf", "application/pdf", HttpCalls.PDF))
                    : calls.postJson(path, "{\"file_id\":" + id + "}");
        }
        return calls.send(row.method, path, (HttpRequest.Builder request) -> {});
    }

    /** The query of an address that was signed for the file. */
    private String signature(long id) {
        return presigned(id).replaceFirst("[^?]*", "");
    }

    /** Whether signed addresses lead here, and not to a storage that signs its own and whose signatures mean nothing here. */
    private boolean isSignedHere(long id) {
        return presigned(id).startsWith(target().base().toString());
    }

    private String presigned(long id) {
        return mine().postJson("/presigned-url", "{\"file_id\":" + id + "}").field("presigned_url");
    }
}

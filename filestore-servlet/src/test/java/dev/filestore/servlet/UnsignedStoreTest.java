package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.servlet.HttpCalls.Answer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that has nothing to sign addresses with: what depends on them is refused in plain words, and nothing else is. */
class UnsignedStoreTest {

    private final JettyServer server = new JettyServer(ServletServer.Mount.USUAL);
    private final FileStore store = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .build();
    private final HttpCalls http = new HttpCalls(server.base(), null);

    private FileStoreServlet.Builder builder() {
        return FileStoreServlet.builder(store, request -> Optional.of(Caller.user("123")));
    }

    private void start() {
        server.start(builder().build());
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"file_id\":ID}", "{\"file_id\":999999999999}", "{}", "x"})
    void presign_anything_is501AndSaysWhereTheBytesAre(String json) {
        start();
        long id = http.uploadPdf("a.pdf").id();

        Answer answer = http.postJson("/presigned-url", json.replace("ID", Long.toString(id)));

        assertThat(answer.failure()).isEqualTo("501 Not supported");
        assertThat(answer.field("code")).isEqualTo("not_supported");
        assertThat(answer.field("message"))
                .isEqualTo("This service signs no addresses; the bytes are at /{id}/content, with a token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?redirect=true", "?redirect=false"})
    void content_whateverIsAskedFor_isTheBytes(String query) {
        start();
        long id = http.uploadPdf("a.pdf").id();

        Answer answer = http.get("/" + id + "/content" + query);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEqualTo(HttpCalls.PDF);
    }

    @Test
    void content_redirectThatIsNoWish_isStill400() {
        start();
        long id = http.uploadPdf("a.pdf").id();

        assertThat(http.get("/" + id + "/content?redirect=maybe").failure()).isEqualTo("400 Invalid request");
    }

    @ParameterizedTest
    @EnumSource(Redirects.class)
    void redirects_thatNobodyAsksFor_areMisuse(Redirects redirects) {
        FileStoreServlet.Builder builder = builder();

        if (redirects == Redirects.NEVER || redirects == Redirects.IF_ASKED) {
            assertThat(builder.redirects(redirects, Duration.ofMinutes(1))).isSameAs(builder);
        } else {
            assertThatThrownBy(() -> builder.redirects(redirects, Duration.ofMinutes(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("redirects " + redirects
                            + " need a store that can presign: set FileStore.Builder.signedUrls or urls");
        }
    }
}

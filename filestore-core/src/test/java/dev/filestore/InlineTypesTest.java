package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a browser is allowed to show. Rails ActiveStorage (CVE-2018-16477) let whoever made a link choose disposition and
 * content type, and supabase/storage shows SVG on the origin of its API: a file of a user's ran as a page of the application's.
 */
class InlineTypesTest {

    private final StoreFixture world = new StoreFixture();

    @ParameterizedTest
    @ValueSource(
            strings = {
                // WHATWG MIME Sniffing: HTML and XML types
                "text/html",
                "text/xml",
                "application/xml",
                "application/xhtml+xml",
                "image/svg+xml",
                "application/rss+xml",
                "application/atom+xml",
                "application/mathml+xml",
                "application/vnd.wap.xhtml+xml",
                "application/xslt+xml",
                "model/x3d+xml",
                // the same: JavaScript types
                "application/ecmascript",
                "application/javascript",
                "application/x-ecmascript",
                "application/x-javascript",
                "text/ecmascript",
                "text/javascript",
                "text/javascript1.5",
                "text/jscript",
                "text/livescript",
                "text/x-ecmascript",
                "text/x-javascript",
                // the same: types that are guessed where a storage sends no nosniff
                "unknown/unknown",
                "application/unknown",
                "application/octet-stream",
                "binary/octet-stream",
                // found to run scripts in some browser
                "text/xsl",
                "text/rdf",
                "application/rdf+xml",
                "application/xml-dtd",
                "application/xml-external-parsed-entity",
                "text/xml-external-parsed-entity",
                "text/vtt",
                "text/cache-manifest",
                "multipart/x-mixed-replace",
                "multipart/related",
                "multipart/form-data",
                "message/rfc822",
                "application/x-mimearchive",
                // what ActiveStorage gives out as binary, plug-ins, and applications that are pages
                "application/postscript",
                "application/x-shockwave-flash",
                "application/futuresplash",
                "application/java-archive",
                "application/x-java-applet",
                "application/wasm",
                "application/hta",
                "text/x-component",
                "text/vbscript",
                "text/x-server-parsed-html",
                "image/svg",
            })
    void of_typeThatBrowsersRunOrGuess_isMisuse(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileStore.builder().inline(Set.of("image/png", type)))
                .withMessageStartingWith("browsers run what is in " + type + ",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "image",
                "image/",
                "/png",
                "Image/PNG",
                "image/png;charset=utf-8",
                "image/*",
                "*/*",
                " image/png"
            })
    void of_textThatIsNoType_isMisuse(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileStore.builder().inline(Set.of(type)))
                .withMessageStartingWith("a content type is of the form");
    }

    @Test
    void of_typesThatAreOnlyDecoded_areTaken() {
        Set<String> decoded = Set.of(
                "application/pdf",
                "text/plain",
                "image/avif",
                "image/bmp",
                "audio/mpeg",
                "video/webm",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        InlineTypes types = InlineTypes.of(decoded);
        assertThat(decoded)
                .allSatisfy(type -> assertThat(
                                types.headers(type, "a", Disposition.INLINE).disposition())
                        .isEqualTo(Disposition.INLINE));
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpeg, INLINE, INLINE",
        "image/png, INLINE, INLINE",
        "image/gif, INLINE, INLINE",
        "image/webp, INLINE, INLINE",
        "video/mp4, INLINE, INLINE",
        "video/quicktime, INLINE, INLINE",
        "video/x-msvideo, INLINE, ATTACHMENT",
        "application/pdf, INLINE, ATTACHMENT",
        "application/msword, INLINE, ATTACHMENT",
        "application/vnd.ms-excel, INLINE, ATTACHMENT",
        "text/html, INLINE, ATTACHMENT",
        "image/svg+xml, INLINE, ATTACHMENT",
        "image/PNG, INLINE, ATTACHMENT",
        "image/png2, INLINE, ATTACHMENT",
        "image/png, ATTACHMENT, ATTACHMENT",
        "text/html, ATTACHMENT, ATTACHMENT",
    })
    void headers_ofAStandardStore_showWhatIsDecodedAlone(String type, Disposition asked, Disposition given) {
        ObjectHeaders headers = InlineTypes.of(InlineTypes.STANDARD).headers(type, "문.x", asked);

        assertThat(headers.contentType()).isEqualTo(type);
        assertThat(headers.disposition()).isEqualTo(given);
        assertThat(headers.contentDisposition())
                .isEqualTo(given.word() + "; filename=\"_.x\"; filename*=UTF-8''%EB%AC%B8.x");
    }

    @Test
    void headers_ofNothingAsked_areMisuse() {
        assertThatNullPointerException()
                .isThrownBy(() -> InlineTypes.of(Set.of()).headers("a/b", "a", null))
                .withMessage("asked");
    }

    @ParameterizedTest
    @CsvSource({
        "inline, INLINE",
        "'inline; filename=\"a\"', INLINE",
        "attachment, ATTACHMENT",
        "'attachment; filename=\"inline;\"', ATTACHMENT",
        "inlined, ATTACHMENT",
        "INLINE, ATTACHMENT",
        "'', ATTACHMENT",
    })
    void disposition_ofAField_isInlineOnlyWhereItSaysSo(String field, Disposition disposition) {
        assertThat(new ObjectHeaders("a/b", field).disposition()).isEqualTo(disposition);
    }

    /** A row that was changed by hand, or by a policy of the host's that accepts anything. */
    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/svg+xml", "application/octet-stream"})
    void open_fileOfATypeThatIsNotListed_isSaved(String type) throws IOException {
        FileStore anything = world.builder()
                .policy((name, declared, head) -> new MimePolicy.Accepted(type, Category.DOCUMENT, 1_000))
                .build();
        StoredFile file = anything.upload(StoreFixture.pdf("bob"));

        try (FileContent content = anything.open(file.id())) {
            ObjectHeaders headers = content.headers(Disposition.INLINE);
            assertThat(headers.contentType()).isEqualTo(type);
            assertThat(headers.disposition()).isEqualTo(Disposition.ATTACHMENT);
        }
        assertThat(anything.presign(file.id(), Duration.ofHours(1), Disposition.INLINE)
                        .url()
                        .getQuery())
                .contains("&disposition=attachment&");
    }

    @Test
    void inline_setByTheHost_holdsForEveryWayOut() throws IOException {
        AtomicReference<ObjectHeaders> put = new AtomicReference<>();
        FileStore store = world.builder()
                .storage(new ForwardingStorage(world.storage) {
                    @Override
                    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                            throws IOException {
                        put.set(headers);
                        return super.put(key, headers, source, length);
                    }
                })
                .inline(Set.of("application/pdf"))
                .build();
        StoredFile file = store.upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(StoreFixture.PDF))
                .withOwner("bob"));

        assertThat(put.get()).isEqualTo(new ObjectHeaders("application/pdf", "inline; filename=\"a.pdf\""));
        try (FileContent content = store.open(file.id())) {
            assertThat(content.headers(Disposition.INLINE).contentDisposition())
                    .isEqualTo("inline; filename=\"a.pdf\"");
            assertThat(content.headers(Disposition.ATTACHMENT).contentDisposition())
                    .isEqualTo("attachment; filename=\"a.pdf\"");
        }
        assertThat(world.store.presign(file.id(), Duration.ofHours(1)).url().getQuery())
                .contains("&disposition=attachment&");
    }
}

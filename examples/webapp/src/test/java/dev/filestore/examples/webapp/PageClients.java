package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.filestore.FileQuery;
import dev.filestore.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients as docs/http-api.md prints them, in a real browser: what runs here is read out of the document. */
abstract class PageClients {

    private static final String UPPY = "uppy@6.0.1";
    private static final String UPPY_SHA512 =
            "2OONMUNUHGBNkfSjNpWDhleeCeqm2oP+8NJRSxkkFVLmm3BbE7S+XCm45+jp36z7PCRuogtm1FgYPKa0iKbYAQ==";

    private Browser browser;

    @BeforeEach
    void take(Browser shared) {
        browser = shared;
    }

    @AfterEach
    void quiet() {
        browser.assertConsoleIsQuiet();
    }

    @Test
    @SuppressWarnings("unchecked")
    void fetch_asPrinted_uploadsListsSharesAndDeletes() throws IOException {
        browser.expectRefusals();
        browser.driver.get(browser.address());

        Map<String, Object> answers = (Map<String, Object>)
                browser.asyncScript(block(0) + """

                const token = arguments[0];
                const done = arguments[1];
                (async () => {
                  const file = new File(["%PDF-1.7\\n"], "한글 문서.pdf", {type: "application/pdf"});
                  const uploaded = await upload(file, token);
                  const address = await addressOf(uploaded.file_id, 1, token);
                  const content = await (await fetch(address)).text();
                  const refused = await upload(new File(["<p>"], "a.html"), token).catch((error) => error);
                  return {uploaded, content, message: refused.message, code: refused.code};
                })().then(done, (error) => done({error: String(error)}));""", browser.app.secrets().token("fetcher", false));

        assertThat(answers).doesNotContainKey("error").containsEntry("content", "%PDF-1.7\n");
        assertThat((Map<String, Object>) answers.get("uploaded"))
                .containsEntry("original_filename", "한글 문서.pdf")
                .containsEntry("content_type", "application/pdf");
        assertThat(answers).containsEntry("code", "file_type_not_allowed");
        assertThat((String) answers.get("message")).contains("allowed are");
        assertThat(browser.app.store().list(FileQuery.of("fetcher")).total()).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void uppy_asPrinted_uploadsWithoutAnyChangeOfTheServer() throws Exception {
        browser.expectRefusals();
        String library = uppy();
        browser.driver.get(browser.address());

        Map<String, Object> result = (Map<String, Object>) browser.asyncScript(
                library + """
                ;
                const {Uppy, XHRUpload} = globalThis.Uppy;
                const token = arguments[0];
                const done = arguments[1];
                """ + block(1) + """

                uppy.addFile({name: "업피.pdf", type: "application/pdf", data: new Blob(["%PDF-1.7\\n"])});
                uppy.addFile({name: "second.pdf", type: "application/pdf", data: new Blob(["%PDF-1.7\\n2"])});
                uppy.addFile({name: "page.html", type: "text/html", data: new Blob(["<p>"])});
                const progress = [];
                uppy.on("upload-progress", (file, of) => progress.push(of.bytesUploaded));
                uppy.upload().then((result) => done({
                  ids: result.successful.map((file) => file.response.body.file_id),
                  failed: result.failed.map((file) => file.name + ": " + file.error),
                  progress: progress.length,
                }), (error) => done({error: String(error)}));""", browser.app.secrets().token("uppy", false));

        assertThat(result).doesNotContainKey("error");
        assertThat((List<String>) result.get("failed"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("page.html: ")
                .contains("allowed are");
        assertThat((Long) result.get("progress")).isPositive();
        List<StoredFile> files = browser.app.store().list(FileQuery.of("uppy")).files();
        assertThat(files).extracting(StoredFile::originalFilename).containsExactlyInAnyOrder("업피.pdf", "second.pdf");
        assertThat((List<Object>) result.get("ids"))
                .containsExactlyInAnyOrderElementsOf(files.stream()
                        .map(StoredFile::id)
                        .map(Object.class::cast)
                        .toList());
    }

    private static String block(int number) throws IOException {
        return Pattern.compile("(?s)```js\n(.*?)\n```")
                .matcher(Files.readString(Path.of("../../docs/http-api.md")))
                .results()
                .map(match -> match.group(1))
                .toList()
                .get(number);
    }

    /** Uppy's bundle, from the npm registry, and known by its digest. */
    private String uppy() throws Exception {
        Path folder = Files.createDirectories(Path.of(System.getProperty("browser.artefacts", "target"), "npm"));
        Path archive = folder.resolve("uppy-6.0.1.tgz");
        if (!Files.exists(archive)) {
            assumeTrue(run(folder, "npm", "--version"), "no npm on this machine");
            assertThat(run(folder, "npm", "pack", "--silent", UPPY)).isTrue();
        }
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
        assertThat(Base64.getEncoder().encodeToString(digest)).isEqualTo(UPPY_SHA512);
        assertThat(run(folder, "tar", "xzf", archive.getFileName().toString(), "package/dist/uppy.min.js"))
                .isTrue();
        return Files.readString(folder.resolve("package/dist/uppy.min.js"));
    }

    private static boolean run(Path folder, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(command[0] + ".log").toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}

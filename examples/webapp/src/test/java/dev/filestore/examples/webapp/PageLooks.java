package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.UploadRequest;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.OutputType;

/** How the page looks, and that it can be used by those who do not look at it. */
abstract class PageLooks {

    private static final String USER = "looks";

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
    void states_ofThePage_areKeptAsPicturesAndAccessible() throws IOException {
        byte[] film = SampleFiles.film(browser);
        byte[] pdf = SampleFiles.pdf(browser);

        browser.forgetUser();
        browser.driver.get(browser.address());
        browser.until("the login is there", () -> browser.all(".person").size() == 3);
        keep("1-sign-in");

        browser.openAs(USER);
        keep("2-empty");

        for (int seed = 1; seed <= 9; seed++) {
            store("Harbour " + seed + ".jpg", SampleFiles.picture(seed, "jpg", 900, 640 + seed * 10), null);
        }
        store("계약서 최종본 - 서명 완료 2026년 2월 26일.docx", SampleFiles.docx(), null);
        store(
                "A rather long name of a picture that somebody took on a holiday at the sea.png",
                SampleFiles.picture(40, "png", 640, 900),
                Duration.ofHours(6));
        store("Invoice 2026-117.pdf", pdf, null);
        store("Sunrise.mp4", film, Duration.ofDays(3));
        store("문서 사진.jpg", SampleFiles.picture(7, "jpg", 1200, 800), null);
        browser.openAs(USER);
        browser.until("all that is in sight is drawn", this::isDrawn);
        keep("3-files");

        browser.click("Open 문서 사진.jpg");
        browser.until("the picture is shown", () -> shown("#viewer-stage img", "naturalWidth"));
        keep("4-picture");
        browser.click("Close");

        browser.click("Open Sunrise.mp4");
        browser.until("the film is shown", () -> shown("#viewer-stage video", "videoWidth"));
        keep("5-film");
        browser.click("Close");

        browser.click("Open Invoice 2026-117.pdf");
        browser.until(
                "the PDF is there", () -> browser.all("#viewer-stage iframe").size() == 1);
        browser.until("its viewer has painted a page", this::isWhiteInTheMiddle);
        keep("6-pdf");
        browser.click("Close");

        browser.click("Copy link: 문서 사진.jpg");
        browser.click("Make and copy link");
        browser.until("the link is there", () -> browser.text("share-status").contains("The link works until"));
        keep("7-link");
        browser.click("Close");

        browser.click("Delete: Invoice 2026-117.pdf");
        keep("8-delete");
        browser.click("Keep it");

        browser.click("Videos 1");
        browser.until("videos are shown", () -> browser.cards().size() == 1);
        keep("9-filter");
    }

    private boolean isDrawn() {
        return (Boolean) browser.script("""
                const seen = [...document.querySelectorAll(".card.image .preview, .card.video .preview")]
                    .filter((place) => place.getBoundingClientRect().top < innerHeight);
                return seen.length > 3 && seen.every((place) => place.querySelector("img")?.complete
                    || place.querySelector("video")?.readyState >= 2);""");
    }

    /** Nothing else can be asked of the browser's viewer of PDFs. */
    private boolean isWhiteInTheMiddle() {
        try {
            BufferedImage image =
                    ImageIO.read(new ByteArrayInputStream(browser.driver.getScreenshotAs(OutputType.BYTES)));
            return image.getRGB(image.getWidth() / 2, image.getHeight() * 2 / 3) == Color.WHITE.getRGB();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean shown(String selector, String width) {
        return (Boolean) browser.script(
                "return (document.querySelector(arguments[0])?.[arguments[1]] ?? 0) > 0", selector, width);
    }

    private void store(String name, byte[] bytes, Duration ttl) {
        UploadRequest request =
                UploadRequest.of(name, new ByteArrayInputStream(bytes)).withOwner(USER);
        browser.app.store().upload(ttl == null ? request : request.withTtl(ttl));
    }

    private void keep(String name) throws IOException {
        browser.keepScreenshots(name);
        assertThat(Axe.violations(browser)).as(name).isEmpty();
    }

    /** The checks of axe-core, of the levels A and AA, and of what is good practice. */
    private static final class Axe {

        static String violations(Browser browser) throws IOException {
            if (!(Boolean) browser.script("return 'axe' in window")) {
                browser.script(source());
            }
            return (String) browser.asyncScript("""
                    const done = arguments[0];
                    axe.run({iframes: false, resultTypes: ["violations"]}).then((found) => done(found.violations
                        .map((rule) => rule.id + ": " + rule.nodes.map((node) => node.html + " " + node.failureSummary).join("; "))
                        .join("\\n")), (error) => done("failed: " + error));""");
        }

        private static String source() throws IOException {
            try (InputStream in =
                    Axe.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}

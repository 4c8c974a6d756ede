package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.chromium.ChromiumNetworkConditions;

/** Uploads by the page, in a real browser. */
abstract class PageUploads {

    private Browser browser;
    private Path folder;

    @BeforeEach
    void take(Browser shared) {
        browser = shared;
        folder = browser.folder().resolve("uploads");
    }

    @AfterEach
    void quiet() {
        browser.driver.deleteNetworkConditions();
        browser.assertConsoleIsQuiet();
    }

    @Test
    void choose_severalFiles_showsProgressAndPutsThemIntoTheList() throws IOException {
        browser.openAs("uploader");
        browser.script("""
                window.progress = [];
                new MutationObserver(() => document.querySelectorAll("#upload-list progress").forEach((bar) => progress.push(bar.value)))
                    .observe(document.getElementById("upload-list"), {subtree: true, childList: true, attributes: true});""");
        network(false, 600_000);

        browser.choose(
                SampleFiles.pdf(folder, "보고서 최종.pdf", 500_000),
                SampleFiles.file(folder, "사진.jpg", SampleFiles.picture(3, "jpg", 800, 600)));

        browser.until("the two are listed", () -> browser.cards().size() == 2);
        assertThat(browser.cards()).containsExactlyInAnyOrder("보고서 최종.pdf", "사진.jpg");
        assertThat(browser.uploads()).contains("Uploaded, 488 KB");
        assertThat(browser.text("upload-summary")).isEqualTo("2 of 2 files uploaded");
        assertThat((List<?>) browser.script("return [...new Set(progress)].filter((value) => value > 0 && value < 1)"))
                .hasSizeGreaterThan(2);
        browser.driver.deleteNetworkConditions();
        browser.until(
                "the totals follow",
                () -> browser.texts("#filters button").equals(List.of("All2", "Images1", "Videos0", "Documents1")));
        browser.until("the thumbnail is drawn", () ->
                (Boolean) browser.script("return document.querySelector('.card.image img')?.naturalWidth === 800"));
    }

    @Test
    void choose_whatIsRefused_saysWhatWasFoundAndWhatIsAllowed() throws IOException {
        browser.expectRefusals();
        browser.openAs("refused");

        browser.choose(
                SampleFiles.pdf(folder, "large.pdf", Browser.MAX_BYTES + 1),
                SampleFiles.file(folder, "page.html", "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8)),
                SampleFiles.file(folder, "not really.png", "%PDF-1.7\n".getBytes(StandardCharsets.UTF_8)),
                SampleFiles.file(folder, "empty.pdf", new byte[0]));

        browser.until(
                "all are refused",
                () -> browser.all("#upload-list [data-state=failed]").size() == 4);
        assertThat(browser.uploads().get(0))
                .isEqualTo("This file is too large. At most 6 MB are accepted, and it has a little more than that.");
        assertThat(browser.uploads().get(1))
                .startsWith("Files of this type are not accepted. ")
                .contains("allowed are");
        assertThat(browser.uploads().get(2)).contains("The name says image/png, but the bytes say application/pdf");
        assertThat(browser.uploads().get(3)).isEqualTo("This file is empty.");
        assertThat(browser.text("live")).startsWith("0 of 4 files uploaded, 4 refused or failed");
        assertThat(browser.all("#upload-list button[aria-label^=Retry]")).noneMatch(retry -> retry.isDisplayed());
        browser.keepScreenshots("refused");

        browser.click("Clear ended");
        assertThat(browser.byId("uploads").isDisplayed()).isFalse();
    }

    /** The page looks at the size first. Here it cannot, and the server tells. */
    @Test
    void choose_tooLargeUnnoticed_saysWhatTheServerSays() throws IOException {
        browser.expectRefusals();
        browser.openAs("refused");
        browser.script("Object.defineProperty(File.prototype, 'size', {get: () => 9})");

        browser.choose(SampleFiles.pdf(folder, "large.pdf", Browser.MAX_BYTES + 1));

        browser.until(
                "it is refused",
                () -> browser.all("#upload-list [data-state=failed]").size() == 1);
        assertThat(browser.uploads().get(0))
                .startsWith("This file is too large. ")
                .contains(Integer.toString(Browser.MAX_BYTES));
    }

    @Test
    void cancel_inTheMiddle_storesNothingUntilItIsRetried() throws IOException {
        browser.openAs("canceller");
        network(false, 300_000);
        browser.choose(SampleFiles.pdf(folder, "slow.pdf", 900_000));
        browser.until("some of it is sent", () -> browser.uploads().get(0).matches("[1-9][0-9]?% of 879 KB"));

        browser.click("Cancel upload of slow.pdf");

        browser.until("it is cancelled", () -> browser.uploads().equals(List.of("Cancelled; nothing was stored")));
        browser.driver.deleteNetworkConditions();
        assertThat(browser.driver.switchTo().activeElement()).isEqualTo(browser.button("Retry upload of slow.pdf"));
        assertThat(browser.app.store().list(FileQuery.of("canceller")).total()).isZero();

        browser.click("Retry upload of slow.pdf");

        browser.until("it is there", () -> browser.cards().equals(List.of("slow.pdf")));
    }

    @Test
    void upload_withoutConnection_canBeRetried() throws IOException {
        browser.expectRefusals();
        browser.openAs("offline");
        network(true, 0);

        browser.choose(SampleFiles.pdf(folder, "train.pdf", 2_000));

        browser.until(
                "it has failed",
                () -> browser.uploads()
                        .equals(List.of("The server cannot be reached. Check your connection, then try again.")));
        browser.driver.deleteNetworkConditions();
        browser.click("Retry upload of train.pdf");
        browser.until("it is there", () -> browser.cards().equals(List.of("train.pdf")));
    }

    @Test
    void upload_whenTheServerIsAskedTooMuch_waitsAsLongAsItSays() throws Exception {
        browser.expectRefusals();
        browser.openAs("busy");
        List<RawUpload> others = new ArrayList<>();
        try {
            for (int i = 0; i < Browser.UPLOADS_AT_ONCE; i++) {
                others.add(new RawUpload(
                        browser.address() + "api/files",
                        browser.app.secrets().token("busy", false),
                        "x.pdf",
                        99,
                        true));
            }
            browser.choose(SampleFiles.pdf(folder, "fourth.pdf", 2_000));
            browser.until(
                    "it waits", () -> browser.uploads().get(0).matches("Waiting: the server takes more in [1-5] s"));
            assertThat(browser.text("live")).isEqualTo("The server asks to wait 5 seconds");
        } finally {
            for (RawUpload other : others) {
                other.close();
            }
        }
        browser.until("it is there", () -> browser.cards().equals(List.of("fourth.pdf")));
    }

    private void network(boolean offline, int bytesPerSecond) {
        ChromiumNetworkConditions conditions = new ChromiumNetworkConditions();
        conditions.setOffline(offline);
        conditions.setLatency(Duration.ofMillis(1));
        conditions.setDownloadThroughput(10_000_000);
        conditions.setUploadThroughput(bytesPerSecond);
        browser.driver.setNetworkConditions(conditions);
    }
}

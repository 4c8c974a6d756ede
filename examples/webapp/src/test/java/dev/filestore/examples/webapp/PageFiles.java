package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileQuery;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chromium.ChromiumNetworkConditions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;

/** Files and what is done with them, by the page, in a real browser. */
abstract class PageFiles {

    private static final byte[] PDF = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);

    private Browser browser;

    @BeforeEach
    void take(Browser shared) {
        browser = shared;
    }

    @AfterEach
    void quiet() {
        browser.ahead.set(Duration.ZERO);
        browser.driver.deleteNetworkConditions();
        browser.assertConsoleIsQuiet();
    }

    @Test
    void login_ofTwoUsers_showsEachTheirOwnFiles() throws IOException {
        browser.expectRefusals();
        browser.forgetUser();
        browser.driver.get(browser.address().replace("127.0.0.1", "localhost"));
        assertThat(browser.driver.getCurrentUrl()).isEqualTo(browser.address());
        signIn("User 123");
        browser.choose(SampleFiles.pdf(browser.folder(), "가족 사진 목록.pdf", 3_000));
        browser.until("it is there", () -> browser.cards().equals(List.of("가족 사진 목록.pdf")));
        long id = browser.app.store().list(FileQuery.of("123")).files().get(0).id();

        browser.click("Sign out");
        signIn("User 456");

        browser.until("the list is empty", () -> browser.text("empty-title").equals("No files yet"));
        assertThat(browser.cards()).isEmpty();
        assertThat(status(id)).isEqualTo(403L);
        browser.click("Sign out");
        signIn("Admin");
        assertThat(status(id)).isEqualTo(200L);
        browser.click("Sign out");
        assertThat(browser.script("return sessionStorage.length")).isEqualTo(0L);
    }

    @Test
    void signIn_withATokenThatIsOver_saysSo() {
        browser.expectRefusals();
        browser.forgetUser();
        browser.driver.get(browser.address());
        browser.until("the login is there", () -> browser.all(".person").size() == 3);

        browser.byId("token").sendKeys("not a token", Keys.ENTER);
        assertThat(browser.text("sign-in-error")).contains("This is not a token");
        browser.byId("token").clear();
        browser.byId("token").sendKeys(browser.app.secrets().token("789", false) + "x", Keys.ENTER);

        browser.until(
                "it is told", () -> browser.text("sign-in-error").equals("Your session has ended. Sign in again."));
        assertThat(browser.byId("files").isDisplayed()).isFalse();
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("sign-in-title");
    }

    @Test
    void delete_asksFirst_andEndsLinks() throws Exception {
        StoredFile kept = store("deleter", "kept.pdf", null);
        StoredFile file = store("deleter", "지울 파일.pdf", null);
        URI link = browser.app.store().presign(file.id(), Duration.ofHours(1)).url();
        browser.openAs("deleter");

        browser.click("Delete: 지울 파일.pdf");
        assertThat(browser.text("confirm-text")).contains("“지울 파일.pdf” is deleted for good");
        assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("Keep it");
        browser.click("Keep it");
        assertThat(browser.cards()).containsExactly("지울 파일.pdf", "kept.pdf");
        assertThat(get(link)).isEqualTo(200);

        browser.click("Delete: 지울 파일.pdf");
        browser.click("Delete");

        browser.until("it is gone", () -> browser.cards().equals(List.of("kept.pdf")));
        assertThat(browser.texts(".toast p")).containsExactly("“지울 파일.pdf” was deleted.");
        assertThat(browser.driver.switchTo().activeElement()).isEqualTo(browser.button("Open kept.pdf"));
        assertThat(get(link)).isEqualTo(404);
        assertThat(browser.app.store().list(FileQuery.of("deleter")).files())
                .extracting(StoredFile::id)
                .containsExactly(kept.id());
    }

    @Test
    void open_whatWasDeletedElsewhere_saysItIsGone() {
        browser.expectRefusals();
        StoredFile file = store("other", "elsewhere.pdf", null);
        browser.openAs("other");
        browser.app.store().delete(file.id());

        browser.click("Open elsewhere.pdf");

        browser.until(
                "it is told",
                () -> browser.text("viewer-error").equals("This file is gone: it was deleted, or its time was over."));
        browser.click("Close");
        assertThat(browser.cards()).isEmpty();
        assertThat(browser.text("empty-title")).isEqualTo("No files yet");
    }

    @Test
    void file_whoseTimeIsOver_goesByItself_andItsLinkEnds() throws Exception {
        browser.ahead.set(Duration.ofHours(-1).plusSeconds(4));
        browser.openAs("temporary");
        new Select(browser.byId("hours")).selectByVisibleText("for 1 hour");
        browser.choose(SampleFiles.pdf(browser.folder(), "invoice.pdf", 2_000));
        browser.until("it is there", () -> browser.cards().equals(List.of("invoice.pdf")));
        assertThat(browser.texts(".expiry")).containsExactly("Ends in less than a minute");
        browser.click("Copy link: invoice.pdf");
        browser.click("Make and copy link");
        browser.until("it is made", () -> browser.text("share-status").contains(", when the file itself ends."));
        URI link = URI.create(browser.byId("link").getDomProperty("value"));
        browser.css("#share [data-close]").click();
        browser.ahead.set(Duration.ofSeconds(20));

        browser.until("it is gone", () -> browser.cards().isEmpty());

        assertThat(browser.texts(".toast p")).containsExactly("The time of “invoice.pdf” was over.");
        assertThat(get(link)).isIn(403, 404);
    }

    @Test
    void link_withALifeTime_worksWithoutAToken_untilThen() throws Exception {
        browser.driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        store("sharer", "보낼 문서.pdf", null);
        browser.openAs("sharer");
        browser.click("Copy link: 보낼 문서.pdf");
        new Select(browser.byId("life")).selectByVisibleText("for 3 days");
        browser.click("Make and copy link");
        browser.until("it is copied", () -> browser.text("share-status").startsWith("Copied. The link works until "));

        String copied = (String) browser.asyncScript("navigator.clipboard.readText().then(arguments[0], arguments[0])");
        assertThat(copied).isEqualTo(browser.byId("link").getDomProperty("value"));
        assertThat(get(URI.create(copied))).isEqualTo(200);
        browser.ahead.set(Duration.ofHours(71));
        assertThat(get(URI.create(copied))).isEqualTo(200);
        browser.ahead.set(Duration.ofHours(73));
        assertThat(get(URI.create(copied))).isEqualTo(403);
    }

    @Test
    void list_ofManyFiles_isPagedAndFiltered() throws IOException {
        for (int i = 1; i <= 27; i++) {
            store("reader", "page " + i + ".pdf", null);
        }
        browser.app
                .store()
                .upload(UploadRequest.of("only.png", new ByteArrayInputStream(SampleFiles.picture(1, "png", 60, 40)))
                        .withOwner("reader"));
        browser.openAs("reader");
        assertThat(browser.cards())
                .hasSize(24)
                .startsWith("only.png", "page 27.pdf")
                .endsWith("page 5.pdf");
        assertThat(browser.text("shown")).isEqualTo("24 of 28 files");

        browser.click("Load more");

        browser.until("all are there", () -> browser.cards().size() == 28);
        assertThat(browser.cards()).doesNotHaveDuplicates().endsWith("page 1.pdf");
        assertThat(browser.byId("more").isDisplayed()).isFalse();
        assertThat(browser.driver.switchTo().activeElement()).isEqualTo(browser.button("Open page 4.pdf"));

        browser.until(
                "the totals are there",
                () -> browser.texts("#filters button").equals(List.of("All28", "Images1", "Videos0", "Documents27")));
        browser.click("Images 1");
        browser.until("one is left", () -> browser.cards().equals(List.of("only.png")));
        browser.driver.navigate().refresh();
        browser.until("the filter is kept", () -> browser.cards().equals(List.of("only.png")));
        browser.click("Videos 0");
        browser.until("there is none", () -> browser.text("empty-title").equals("No videos yet"));
        browser.script("history.replaceState(null, '', '/')");
    }

    @Test
    void list_whenTheServerIsAskedTooMuch_waitsAndSaysHowLong() throws Exception {
        browser.expectRefusals();
        for (int i = 0; i < 100; i++) {
            client("hasty");
        }
        browser.comeAs("hasty");

        browser.until(
                "it is told", () -> browser.text("waiting").matches("The server asks to wait; going on in \\d+ s"));
        assertThat(browser.byId("problem").isDisplayed()).isFalse();
        assertThat(browser.all(".skeleton")).isNotEmpty();
    }

    @Test
    void list_withoutConnection_saysSoAndTriesAgain() {
        browser.expectRefusals();
        store("tunnel", "there.pdf", null);
        browser.openAs("tunnel");
        ChromiumNetworkConditions none = new ChromiumNetworkConditions();
        none.setOffline(true);
        none.setLatency(Duration.ZERO);
        browser.driver.setNetworkConditions(none);
        browser.click("Documents 1");
        browser.until("it is told", () -> browser.text("problem").startsWith("The server cannot be reached."));
        browser.keepScreenshots("offline");
        browser.driver.deleteNetworkConditions();

        browser.click("Try again");

        browser.until("it is there", () -> browser.cards().equals(List.of("there.pdf")));
        assertThat(browser.byId("problem").isDisplayed()).isFalse();
        browser.script("history.replaceState(null, '', '/')");
    }

    /** Tab, Enter and Escape are all that is used. */
    @Test
    void keyboard_alone_reachesEverything() {
        store("keyboard", "second.pdf", null);
        store("keyboard", "first.docx.pdf", null);
        browser.openAs("keyboard");
        browser.script("document.getElementById('input').addEventListener('click', (event) => "
                + "{ event.preventDefault(); window.asked = true; })");

        assertThat(tabTo("Choose files")).isTrue();
        press(Keys.ENTER);
        assertThat(browser.script("return window.asked")).isEqualTo(true);
        assertThat(tabTo("Documents 2")).isTrue();
        press(Keys.SPACE);
        browser.until("the filter is on", () -> "true".equals(focused().getDomAttribute("aria-pressed")));
        browser.until("the list is there", () -> browser.cards().size() == 2);
        assertThat(tabTo("Open first.docx.pdf")).isTrue();
        assertThat(
                        browser.script(
                                "return getComputedStyle(document.activeElement).outlineStyle + document.activeElement.matches(':focus-visible')"))
                .isEqualTo("solidtrue");
        press(Keys.ENTER);
        browser.until("it is open", () -> browser.byId("viewer").isDisplayed());
        press(Keys.ESCAPE);
        browser.until("it is closed", () -> !browser.byId("viewer").isDisplayed());
        assertThat(focused().getAccessibleName()).isEqualTo("Open first.docx.pdf");

        assertThat(tabTo("Copy link: first.docx.pdf")).isTrue();
        press(Keys.ENTER);
        assertThat(tabTo("Make and copy link")).isTrue();
        press(Keys.ENTER);
        browser.until("the link is there", () -> browser.text("share-status").contains("The link works until"));
        press(Keys.ESCAPE);

        assertThat(tabTo("Delete: first.docx.pdf")).isTrue();
        press(Keys.ENTER);
        assertThat(focused().getText()).isEqualTo("Keep it");
        assertThat(tabTo("Delete")).isTrue();
        press(Keys.ENTER);
        browser.until("it is gone", () -> browser.cards().equals(List.of("second.pdf")));
        assertThat(focused().getAccessibleName()).isEqualTo("Open second.pdf");
        assertThat(tabTo("Sign out")).isTrue();
        press(Keys.ENTER);
        browser.until("the login is there", () -> browser.byId("sign-in").isDisplayed());
        assertThat(tabTo("User 123 sees their own files alone")).isTrue();
        browser.script("history.replaceState(null, '', '/')");
    }

    @Test
    @SuppressWarnings("unchecked")
    void messages_forEveryCodeOfTheApi_areThere() throws IOException {
        Set<String> codes = Pattern.compile("(?m)^\\| \\d{3} \\|[^|]*\\| `([a-z0-9_]+)` \\|")
                .matcher(Files.readString(Path.of("../../docs/http-api.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        browser.openAs("messages");

        List<String> known = (List<String>)
                browser.asyncScript(
                        "import('/page/api.js').then((api) => arguments[0](Object.keys(api.MESSAGES).filter((code) => api.MESSAGES[code].text)))");

        assertThat(codes).hasSizeGreaterThan(14);
        assertThat(known).containsAll(codes).contains("shutting_down", "network", "unknown");
    }

    private void signIn(String who) {
        browser.until("the login is there", () -> browser.all(".person").size() == 3);
        browser.all(".person").stream()
                .filter(person -> person.getText().startsWith(who))
                .findFirst()
                .orElseThrow()
                .click();
        browser.until(
                "the list is there",
                () -> browser.text("who").equals(who)
                        && "false".equals(browser.byId("grid").getDomAttribute("aria-busy")));
    }

    private Object status(long id) {
        return browser.asyncScript("""
                fetch("/api/files/" + arguments[0], {headers: {Authorization: "Bearer " + sessionStorage.getItem("filestore.token")}})
                    .then((response) => arguments[1](response.status));""", id);
    }

    private StoredFile store(String user, String name, Duration ttl) {
        UploadRequest request =
                UploadRequest.of(name, new ByteArrayInputStream(PDF)).withOwner(user);
        return browser.app.store().upload(ttl == null ? request : request.withTtl(ttl));
    }

    private static int get(URI address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private final HttpClient client = HttpClient.newHttpClient();

    private void client(String user) throws Exception {
        client.send(
                HttpRequest.newBuilder(URI.create(browser.address() + "api/files?limit=1"))
                        .header(
                                "Authorization",
                                "Bearer " + browser.app.secrets().token(user, false))
                        .build(),
                BodyHandlers.discarding());
    }

    private void press(Keys key) {
        new Actions(browser.driver).sendKeys(key).perform();
    }

    private WebElement focused() {
        return browser.driver.switchTo().activeElement();
    }

    /** Presses Tab until that is focused; false if it never is. */
    private boolean tabTo(String name) {
        for (int i = 0; i < 40; i++) {
            press(Keys.TAB);
            if (focused().getAccessibleName().equals(name)) {
                return true;
            }
        }
        return false;
    }
}

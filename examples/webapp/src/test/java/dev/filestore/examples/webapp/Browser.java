package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.filestore.examples.environment.Settings;
import dev.filestore.servlet.RateLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Chromium, which has no window, and the demo behind it: one of each for all tests of the page, which are told apart by
 * their users. Where the machine has no browser the tests are skipped; nothing is ever fetched.
 */
final class Browser implements AutoCloseable {

    /** Uploads of a user: per minute, and at the same time. */
    static final int UPLOADS_A_MINUTE = 18;

    static final int UPLOADS_AT_ONCE = 4;
    static final int MAX_BYTES = 6 * 1024 * 1024;

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final WebApp app;
    final ChromeDriver driver;
    final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final Path folder;
    private final Path screenshots;
    private boolean refusalsExpected;
    private boolean phonesAreDark;

    private Browser() throws Exception {
        folder = Files.createTempDirectory("browser");
        screenshots =
                Files.createDirectories(Path.of(System.getProperty("browser.artefacts", "target"), "screenshots"));
        app = WebApp.start(
                Settings.load(
                        folder.resolve("none"),
                        Map.of(
                                "DATA_DIR",
                                folder.resolve("data").toString(),
                                "PORT",
                                "0",
                                "MAX_FILE_BYTES",
                                Integer.toString(MAX_BYTES))),
                store -> store.clock(new MovedClock()),
                servlet -> servlet.rateLimits(
                        RateLimits.standard().withUpload(UPLOADS_A_MINUTE).withUploadsAtOnce(UPLOADS_AT_ONCE, 100)));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(CHROMIUM.toFile())
                .addArguments(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--lang=en",
                        "--window-size=1280,900",
                        "--user-data-dir=" + folder.resolve("profile"));
        options.setExperimentalOption(
                "prefs", Map.of("download.default_directory", downloads().toString()));
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    /** Hands the one browser to the tests that ask for it, and closes it behind the last of their suite. */
    static final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Browser.class;
        }

        @Override
        public Browser resolveParameter(ParameterContext parameter, ExtensionContext context) {
            assumeTrue(Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER), "no Chromium on this machine");
            ExtensionContext suite = context;
            while (suite.getRequiredTestClass().isMemberClass()) {
                suite = suite.getParent().orElseThrow();
            }
            return suite.getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(Browser.class, absent -> new Shared(), Shared.class)
                    .browser;
        }
    }

    private static final class Shared implements AutoCloseable {

        private final Browser browser;

        Shared() {
            try {
                browser = new Browser();
            } catch (Exception e) {
                throw new IllegalStateException("the browser did not start", e);
            }
        }

        @Override
        public void close() {
            browser.close();
        }
    }

    /** The store's time: the real one, and {@link #ahead} more. */
    private final class MovedClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead.get());
        }
    }

    Path folder() {
        return folder;
    }

    Path downloads() {
        return folder.resolve("downloads");
    }

    String address() {
        return app.address() + "/";
    }

    /** Opens the page as it is for a user who has signed in. */
    void openAs(String user) {
        comeAs(user);
        until("the list is there", () -> "false".equals(byId("grid").getDomAttribute("aria-busy")));
    }

    /** Opens the page for a user who has signed in, and does not wait for anything. */
    void comeAs(String user) {
        forgetUser();
        script(
                "sessionStorage.setItem('filestore.token', arguments[0])",
                app.secrets().token(user, false));
        driver.get(address());
    }

    void forgetUser() {
        // Of the page's origin, and not the page.
        driver.get(address() + "page/icon.svg");
        script("sessionStorage.clear()");
    }

    WebElement byId(String id) {
        return driver.findElement(By.id(id));
    }

    WebElement css(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The names on the cards, in their order. */
    List<String> cards() {
        return texts("#grid .card .name");
    }

    /** What stands behind the files that are uploaded. */
    List<String> uploads() {
        return texts("#upload-list .status");
    }

    @SuppressWarnings("unchecked")
    List<String> texts(String selector) {
        return (List<String>) script(
                "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).map(e => e.textContent)",
                selector);
    }

    String text(String id) {
        return (String) script("return document.getElementById(arguments[0]).textContent", id);
    }

    /** A button by what it is called for those who do not see it. */
    WebElement button(String name) {
        return driver.findElements(By.tagName("button")).stream()
                .filter(button ->
                        button.isDisplayed() && button.getAccessibleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button is called " + name));
    }

    /** Clicks what the pointer can reach only when it has been scrolled to. */
    void click(String name) {
        WebElement button = button(name);
        script("arguments[0].scrollIntoView({block: 'center'})", button);
        button.click();
    }

    void choose(Path... files) {
        byId("input")
                .sendKeys(String.join("\n", Stream.of(files).map(Path::toString).toList()));
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    Object asyncScript(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return driver.executeAsyncScript(script, arguments);
    }

    void until(String what, Condition condition) {
        until(what, PATIENCE, condition);
    }

    void until(String what, Duration patience, Condition condition) {
        Function<Object, Boolean> holds = ignored -> {
            try {
                return condition.holds();
            } catch (StaleElementReferenceException e) {
                return false;
            }
        };
        new WebDriverWait(driver, patience, Duration.ofMillis(40))
                .withMessage(() -> "waiting until " + what + "; cards " + cards() + ", uploads " + uploads())
                .until(holds);
    }

    @FunctionalInterface
    interface Condition {
        boolean holds();
    }

    /** In this test answers are refusals, and the browser tells of each in its console. */
    void expectRefusals() {
        refusalsExpected = true;
    }

    /** The console must have nothing to tell: no error of the page's, nothing that its policy forbids. */
    void assertConsoleIsQuiet() {
        List<String> told = driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                // Axe's own, while it looks at colours.
                .filter(message -> !message.contains("willReadFrequently"))
                // Of the window that has more to upload than it may; it may misjudge that by one.
                .filter(message -> !message.contains(
                        "api/files/upload - Failed to load resource: the server responded with a status of 429"))
                .filter(message -> !refusalsExpected
                        || !(message.contains("Failed to load resource") || message.contains("\"[Uppy] ")))
                .toList();
        refusalsExpected = false;
        assertThat(told).isEmpty();
    }

    void emulate(boolean dark, boolean phone) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        if (phone) {
            driver.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
        } else {
            driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    /** Keeps what is to be seen, in both colour schemes, and at the width of a telephone. */
    void keepScreenshots(String name) {
        keepScreenshot(name + "-dark", true, false);
        keepScreenshot(name + "-phone", phonesAreDark, true);
        keepScreenshot(name + "-light", false, false);
        phonesAreDark = !phonesAreDark;
    }

    private void keepScreenshot(String name, boolean dark, boolean phone) {
        emulate(dark, phone);
        asyncScript("""
                const done = arguments[0];
                const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
                Promise.allSettled(changing.map((animation) => animation.finished))
                    .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())));""");
        try {
            Files.write(screenshots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            driver.quit();
        } finally {
            app.close();
        }
    }
}

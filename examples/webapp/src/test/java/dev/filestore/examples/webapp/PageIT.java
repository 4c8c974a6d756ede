package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileQuery;
import java.time.Duration;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.WindowType;

/**
 * The page in a real browser, one for all of it. Thirty files are dropped at first, which takes a minute by the limits, and
 * are counted at last.
 */
@ExtendWith(Browser.Extension.class)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class PageIT {

    private static final int DROPPED = 30;

    private static String patientWindow;

    @Nested
    @Order(1)
    class Drop {

        @Test
        void drop_ofThirtyFiles_startsAFewAtOnceAndHoldsBackAtTheLimit(Browser browser) {
            browser.openAs("patient");

            browser.script("""
                    const data = new DataTransfer();
                    for (let i = 1; i <= arguments[0]; i++) data.items.add(new File(["%PDF-1.7\\n" + i], `dropped ${i}.pdf`));
                    document.body.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));""", DROPPED);

            assertThat(browser.uploads()).hasSize(DROPPED).contains("Waiting");
            browser.until(
                    "it waits",
                    () -> browser.uploads().stream()
                            .anyMatch(status -> status.matches("Waiting: the server takes more in \\d+ s")));
            browser.until("about what the limit allows is stored", () -> done(browser) >= Browser.UPLOADS_A_MINUTE - 1);
            patientWindow = browser.driver.getWindowHandle();
            browser.driver.switchTo().newWindow(WindowType.TAB);
        }
    }

    @Nested
    @Order(2)
    class Uploads extends PageUploads {}

    @Nested
    @Order(3)
    class FilesOfUsers extends PageFiles {}

    @Nested
    @Order(4)
    class Looks extends PageLooks {}

    @Nested
    @Order(5)
    class Clients extends PageClients {}

    @Nested
    @Order(6)
    class Dropped {

        @Test
        void drop_ofThirtyFiles_endsWithAllOfThem(Browser browser) {
            browser.driver.close();
            browser.driver.switchTo().window(patientWindow);

            browser.until("all are stored", Duration.ofSeconds(90), () -> done(browser) == DROPPED);

            assertThat(browser.text("upload-summary")).isEqualTo("30 of 30 files uploaded");
            browser.until("they are listed", () -> browser.text("shown").endsWith(" of 30 files"));
            assertThat(browser.app.store().list(FileQuery.of("patient")).total())
                    .isEqualTo(DROPPED);
        }
    }

    private static int done(Browser browser) {
        return browser.all("#upload-list [data-state=done]").size();
    }
}

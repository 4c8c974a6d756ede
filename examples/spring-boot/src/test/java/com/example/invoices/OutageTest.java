package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.filestore.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** What health tells when something that the files need is gone, and what is left when the application ends. */
class OutageTest {

    @TempDir
    private Path folder;

    private final long sweepersBefore = sweepers();
    private ConfigurableApplicationContext application;
    private Client anyone;

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @BeforeEach
    void start() {
        application = SpringApplication.run(
                InvoicesApplication.class,
                "--spring.profiles.active=demo",
                "--server.port=0",
                "--spring.datasource.url=jdbc:h2:mem:outage",
                "--files.directory=" + folder.resolve("files"));
        anyone = new Client(application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @AfterEach
    void end() {
        application.close();
    }

    private static long sweepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("filestore-sweeper"))
                .count();
    }

    /** What is told may be some seconds old. */
    private void awaitHealth(int status, String told) {
        await().untilAsserted(() -> {
            Client.Answer answer = anyone.get("/actuator/health");
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.text("$.status")).isEqualTo(told);
        });
    }

    @Test
    void application_losesWhatItNeeds_isDownUntilItIsBack() throws IOException {
        awaitHealth(200, "UP");
        JdbcTemplate sql = application.getBean(JdbcTemplate.class);
        FileStore store = application.getBean(FileStore.class);

        Files.move(folder.resolve("files"), folder.resolve("elsewhere"));
        Files.createFile(folder.resolve("files"));
        sql.execute("alter table file_uploads rename to elsewhere");
        awaitHealth(503, "DOWN");
        await().untilAsserted(() -> {
            assertThat(store.health().storageProblem()).isPresent();
            assertThat(store.health().databaseProblem()).isPresent();
        });

        Files.delete(folder.resolve("files"));
        Files.move(folder.resolve("elsewhere"), folder.resolve("files"));
        sql.execute("alter table elsewhere rename to file_uploads");
        awaitHealth(200, "UP");

        assertThat(sweepers()).isEqualTo(sweepersBefore + 1);
        application.close();
        assertThat(sweepers()).isEqualTo(sweepersBefore);
    }
}

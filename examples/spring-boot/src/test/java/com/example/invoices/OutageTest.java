package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
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

    private void assertHealth(int status, String told) {
        Client.Answer answer = anyone.get("/actuator/health");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("$.status")).isEqualTo(told);
    }

    @Test
    void application_losesWhatItNeeds_isDownUntilItIsBack() throws IOException {
        assertHealth(200, "UP");

        Files.move(folder.resolve("files"), folder.resolve("elsewhere"));
        Files.createFile(folder.resolve("files"));
        assertHealth(503, "DOWN");
        Files.delete(folder.resolve("files"));
        Files.move(folder.resolve("elsewhere"), folder.resolve("files"));
        assertHealth(200, "UP");

        JdbcTemplate sql = application.getBean(JdbcTemplate.class);
        sql.execute("alter table file_uploads rename to elsewhere");
        assertHealth(503, "DOWN");
        sql.execute("alter table elsewhere rename to file_uploads");
        assertHealth(200, "UP");

        assertThat(sweepers()).isEqualTo(sweepersBefore + 1);
        application.close();
        assertThat(sweepers()).isEqualTo(sweepersBefore);
    }
}

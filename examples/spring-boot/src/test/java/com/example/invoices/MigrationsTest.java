package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.jpa.JpaMetadataRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

class MigrationsTest {

    /** That the result is what the entities need, Hibernate finds at every start: ddl-auto is validate. */
    @Test
    void migrationOfTheTable_isTheScriptOfTheJar() throws IOException {
        String script = new ClassPathResource("schema/h2.sql", JpaMetadataRepository.class)
                .getContentAsString(StandardCharsets.UTF_8);

        assertThat(new ClassPathResource("db/migration/V2__file_uploads.sql")
                        .getContentAsString(StandardCharsets.UTF_8))
                .isEqualTo(script);
    }
}

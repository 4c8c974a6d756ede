package com.example.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Caller;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/faq.md} shows of an application's own tests is what runs here. */
class FaqTest {

    private final FileStore store = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .build();

    @Test
    void upload_ofMine_isListed() {
        byte[] pdf = "%PDF-1.7\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

        store.as(Caller.user("123")).upload(UploadRequest.of("report.pdf", new ByteArrayInputStream(pdf)));

        assertThat(store.list(FileQuery.of("123")).total()).isEqualTo(1);
    }

    @Test
    void snippets_areThisSource() throws IOException {
        String source = Files.readString(Path.of("src/test/java/com/example/files/FaqTest.java"));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/faq.md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks).hasSize(2).allSatisfy(block -> assertThat(source).contains(block));
    }
}

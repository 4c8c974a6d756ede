package dev.filestore.examples.clamav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/scanning.md} shows is what runs here. */
class ScanningDocTest {

    private static final Path SOURCE = Path.of("src/test/java/dev/filestore/examples/clamav/ScanningDocTest.java");

    @Test
    void snippet_isTheCodeBelow() throws IOException {
        String document = Files.readString(Path.of("../../docs/scanning.md"));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map(block -> block.group(1).indent(8))
                .toList();

        assertThat(blocks)
                .hasSize(1)
                .allSatisfy(block -> assertThat(Files.readString(SOURCE)).contains(block));
    }

    @Test
    void snippet_store_connectsNothingYet() {
        StorageBackend storage = new MemoryStorage();
        MetadataRepository metadata = new MemoryMetadata();
        FileStore store = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .scanner(ClamAvScanner.at("/run/clamav/clamd.ctl"))
                .build();

        assertThat(store.find(1)).isEmpty();
        store.close();
    }
}

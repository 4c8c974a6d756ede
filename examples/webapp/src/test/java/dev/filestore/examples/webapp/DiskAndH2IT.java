package dev.filestore.examples.webapp;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class DiskAndH2IT extends StackContract {

    @TempDir
    private static Path folder;

    @Override
    Map<String, String> environment() {
        return Map.of(
                "DATA_DIR",
                folder.toString(),
                // Two servers of this process share it.
                "DATABASE_URL",
                "jdbc:h2:file:" + folder.resolve("rows") + ";WRITE_DELAY=0");
    }
}

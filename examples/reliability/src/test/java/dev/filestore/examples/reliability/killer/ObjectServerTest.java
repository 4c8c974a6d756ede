package dev.filestore.examples.reliability.killer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectServerTest {

    private static final String ID = "b5a494ab-2ced-4be3-8d02-62369d45ba75";
    private static final String KEY = "uploads/kim/20261123_230819_a.pdf";

    @TempDir
    private Path bucket;

    @Test
    void recover_finishedObject_keepsIt() throws Exception {
        files(KEY);

        ObjectServer.recover(bucket);

        assertThat(files()).containsExactly(KEY);
    }

    @Test
    void recover_putThatWasKilled_isGone() throws Exception {
        files(KEY, KEY + "-" + ID, ".s3proxy-mpu-stub-" + ID + "-" + ID, ".mpus-" + ID + "-" + KEY + "-1-" + ID);

        ObjectServer.recover(bucket);

        assertThat(files()).containsExactly(KEY);
    }

    @Test
    void recover_openUpload_staysOpen() throws Exception {
        String[] upload = {
            ".mpus-" + ID + "-" + KEY + "-1", ".mpus-" + ID + "-" + KEY + "-stub", ".s3proxy-mpu-stub-" + ID
        };
        files(upload);

        ObjectServer.recover(bucket);

        assertThat(files()).containsExactly(upload);
    }

    @Test
    void recover_uploadKilledWhileAborted_isAborted() throws Exception {
        files(".mpus-" + ID + "-" + KEY + "-1", ".mpus-" + ID + "-" + KEY + "-stub");

        ObjectServer.recover(bucket);

        assertThat(files()).isEmpty();
    }

    @Test
    void recover_uploadKilledWhileCompleted_isCompleted() throws Exception {
        files(KEY, ".mpus-" + ID + "-" + KEY + "-2", ".mpus-" + ID + "-" + KEY + "-stub", ".s3proxy-mpu-stub-" + ID);

        ObjectServer.recover(bucket);

        assertThat(files()).containsExactly(KEY);
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(bucket.resolve(name).getParent());
            Files.createFile(bucket.resolve(name));
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> bucket.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}

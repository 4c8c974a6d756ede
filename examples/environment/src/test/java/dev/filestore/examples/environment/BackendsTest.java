package dev.filestore.examples.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.s3.S3StorageBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that cannot be used: nobody listens where it should be. */
class BackendsTest {

    @TempDir
    private Path folder;

    private Settings settings() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return Settings.load(
                folder.resolve("none"),
                Map.of(
                        "AWS_S3_BUCKET", "bucket",
                        "AWS_S3_REGION", "eu-west-1",
                        "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + port,
                        "AWS_ACCESS_KEY_ID", "ID",
                        "AWS_SECRET_ACCESS_KEY", "s3cret",
                        "DATA_DIR", folder.toString()));
    }

    @Test
    void open_bucketCannotBeReached_saysWhatToDo() throws IOException {
        Settings settings = settings();

        assertThatThrownBy(() -> Backends.open(settings))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("AWS_S3_BUCKET: the bucket bucket cannot be used: ")
                .hasMessageContaining("Nothing listens at 127.0.0.1:")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void openUntried_bucketCannotBeReached_opensAllTheSame() throws IOException {
        try (Backends backends = Backends.openUntried(settings())) {
            assertThat(backends.storage()).isInstanceOf(S3StorageBackend.class);
        }
    }
}

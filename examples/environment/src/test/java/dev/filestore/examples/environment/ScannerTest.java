package dev.filestore.examples.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.ScanException;
import dev.filestore.UploadRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The setting {@code CLAMAV_ADDRESS}. */
class ScannerTest {

    @TempDir
    private Path folder;

    private Settings settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("DATA_DIR", folder.toString());
        return Settings.load(folder.resolve(".env"), all);
    }

    private static UploadRequest pdf() {
        return UploadRequest.of("a.pdf", new ByteArrayInputStream("%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII)))
                .withOwner("123");
    }

    @Test
    void open_addressThatIsNone_namesTheSetting() {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Backends.open(settings(Map.of("CLAMAV_ADDRESS", "tcp://localhost:3310"))))
                .withMessageStartingWith("CLAMAV_ADDRESS: ");
    }

    @Test
    void upload_daemonThatIsNotThere_isRefused() {
        String absent = folder.resolve("absent").toString();
        try (Backends backends = Backends.open(settings(Map.of("CLAMAV_ADDRESS", absent)));
                FileStore store = backends.builder().build()) {
            assertThatExceptionOfType(ScanException.class).isThrownBy(() -> store.upload(pdf()));

            assertThat(store.list(FileQuery.of("123")).total()).isZero();
            assertThat(backends).asString().endsWith("; clamd at " + absent + " looks into them");
        }
    }

    @Test
    void upload_withoutTheSetting_isStored() {
        try (Backends backends = Backends.open(settings(Map.of()));
                FileStore store = backends.builder().build()) {
            assertThat(store.upload(pdf()).size()).isEqualTo(9);
        }
    }
}

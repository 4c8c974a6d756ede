package dev.filestore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.StorageBackend;
import dev.filestore.StorageBackendContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStorageTest extends StorageBackendContract {

    private final MemoryStorage storage = new MemoryStorage();

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected List<String> leftovers(String prefix) {
        return List.of();
    }

    @Override
    protected boolean leaveUnfinished(String key) {
        return false;
    }

    @Test
    void put_ownClock_isTheTimeOfTheObject() throws IOException {
        Instant now = Instant.parse("2026-02-26T14:30:22Z");
        try (MemoryStorage frozen = new MemoryStorage(Clock.fixed(now, ZoneOffset.UTC))) {
            frozen.put("a", HEADERS, new ByteArrayInputStream(new byte[1]), 1);
            assertThat(frozen.stat("a").orElseThrow().lastModified()).isEqualTo(now);
        }
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyOrderTest {

    private static final String TILDE = "uploads/\uff5e";
    private static final String FACE = "uploads/\ud83d\ude00";

    @Test
    void utf8_anyTwoTexts_areOrderedAsTheirBytesAre() {
        List<Integer> codePoints =
                List.of(0x20, 0x61, 0x62, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff);
        Random random = new Random(1);
        List<String> texts = new ArrayList<>(List.of(""));
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(4);
            for (int j = 0; j < length; j++) {
                text.appendCodePoint(codePoints.get(random.nextInt(codePoints.size())));
            }
            texts.add(text.toString());
        }
        for (String one : texts) {
            for (String other : texts) {
                assertThat(Integer.signum(KeyOrder.UTF8.compare(one, other)))
                        .isEqualTo(Integer.signum(MetadataRepositoryContract.KEY_ORDER.compare(one, other)));
            }
        }
    }

    @Test
    void audit_listingByTheUnitsOfUtf16_isRefused() {
        assertThatThrownBy(() -> audit(listing(Comparator.naturalOrder(), FACE, TILDE)))
                .isInstanceOf(StorageException.class)
                .hasMessage("list uploads/: the storage gives the key " + TILDE + " behind " + FACE
                        + ", which is not the order of UTF-8 bytes: it cannot be audited");
        assertThat(audit(listing(KeyOrder.UTF8, FACE, TILDE)).objects()).isEqualTo(2);
    }

    @Test
    void audit_listingThatLeavesItsOrderBetweenTwoPages_isRefused() {
        String[] keys = IntStream.range(0, 999)
                .mapToObj("uploads/%03d"::formatted)
                .toList()
                .toArray(new String[1_001]);
        keys[999] = FACE;
        keys[1_000] = TILDE;
        assertThatThrownBy(() -> audit(listing(Comparator.naturalOrder(), keys)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the key " + TILDE + " behind " + FACE);
    }

    @Test
    void audit_listingThatAlwaysBeginsAnew_isRefused() {
        String[] keys =
                IntStream.range(0, 1_000).mapToObj("uploads/%03d"::formatted).toArray(String[]::new);
        StorageBackend storage = new ForwardingStorage(new MemoryStorage()) {
            @Override
            public List<ObjectInfo> list(String prefix, String after, int limit) {
                return infos(List.of(keys));
            }
        };
        assertThatThrownBy(() -> audit(storage))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the key uploads/000 behind uploads/999");
    }

    @Test
    void audit_listingOfMoreThanThePrefix_isRefused() {
        assertThatThrownBy(() -> audit(listing(KeyOrder.UTF8, "uploads/a", "vendor/a")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the key vendor/a where those with the prefix uploads/ were asked for");
    }

    @Test
    void audit_uploadsThatAlwaysBeginAnew_areRefused() {
        List<UnfinishedPut> puts = IntStream.range(0, 1_000)
                .mapToObj(i -> new UnfinishedPut("%03d".formatted(i), null, Instant.now()))
                .toList();
        StorageBackend storage = new ForwardingStorage(new MemoryStorage()) {
            @Override
            public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
                return puts;
            }
        };
        assertThatThrownBy(() -> audit(storage)).isInstanceOf(StorageException.class);
    }

    @Test
    void audit_uploadOfAnotherPrefix_isRefused() {
        StorageBackend storage = new ForwardingStorage(new MemoryStorage()) {
            @Override
            public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
                return List.of(new UnfinishedPut("1", "vendor/a", Instant.EPOCH));
            }
        };
        assertThatThrownBy(() -> audit(storage)).isInstanceOf(StorageException.class);
    }

    @Test
    void audit_rowsInAnotherOrder_areRefused() {
        MemoryMetadata backwards = new MemoryMetadata();
        backwards.insert(MetadataRepositoryContract.pending("uploads/a"));
        backwards.insert(MetadataRepositoryContract.pending("uploads/b"));
        SpiCalls reversed = new SpiCalls(new SpiCalls.Conduct() {
            @Override
            @SuppressWarnings("unchecked")
            public <T, X extends Exception> T make(
                    String call, Supplier<FileStoreException> failure, SpiCalls.Body<T, X> body) throws X {
                T result = body.run();
                if (call.equals("listByKey")) {
                    List<FileRow> rows = new ArrayList<>((List<FileRow>) result);
                    Collections.reverse(rows);
                    return (T) rows;
                }
                return result;
            }
        });
        assertThatThrownBy(() -> audit(new MemoryStorage(), new RecordingMetadata(backwards, reversed)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("the database gives the key uploads/a behind uploads/b");
    }

    @Test
    void printable_keyOfSomebodyElse_isFitForALog() {
        assertThat(KeyOrder.printable("uploads/\ubb38\uc11c 1.pdf")).isEqualTo("uploads/\ubb38\uc11c 1.pdf");
        assertThat(KeyOrder.printable("a\nb\u001b\u0085\u202ec\u2028d\u2029\u200b"))
                .isEqualTo("a?b???c?d??");
    }

    private static StorageBackend listing(Comparator<String> order, String... keys) {
        List<String> sorted = List.of(keys).stream().sorted(order).toList();
        return new ForwardingStorage(new MemoryStorage()) {
            @Override
            public List<ObjectInfo> list(String prefix, String after, int limit) {
                return infos(sorted.stream()
                        .filter(key -> order.compare(key, after) > 0)
                        .limit(limit)
                        .toList());
            }
        };
    }

    private static List<ObjectInfo> infos(List<String> keys) {
        return keys.stream().map(key -> new ObjectInfo(key, 1, Instant.now())).toList();
    }

    private static AuditReport audit(StorageBackend storage) {
        return audit(storage, new MemoryMetadata());
    }

    private static AuditReport audit(StorageBackend storage, MetadataRepository metadata) {
        try (FileStore store =
                FileStore.builder().storage(storage).metadata(metadata).build()) {
            return store.audit(Audit.of("uploads/"));
        }
    }
}

package dev.filestore;

import static dev.filestore.AdoptFixture.KEY;
import static dev.filestore.AdoptFixture.request;
import static dev.filestore.Adoption.Kind.ADOPTED;
import static dev.filestore.Adoption.Kind.ADOPTED_BEFORE;
import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Adopting while something fails, or changes: what is left can be adopted again, and nothing is lost. */
class AdoptFailuresTest {

    private final AdoptFixture old = new AdoptFixture();
    private final StoreFixture world = old.world;

    static Stream<Arguments> faults() {
        return Stream.of("findByKey", "find", "describe", "open", "reserveIds", "insertAdopted")
                .flatMap(call -> Stream.of(SpiCalls.Fault.values()).map(fault -> Arguments.of(call, fault)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void adopt_anyCallFails_canBeRepeatedAndLosesNothing(String call, SpiCalls.Fault fault) throws IOException {
        old.pdf();
        world.calls.fail(call, fault);

        assertThat(catchThrowable(() -> old.apply(request()))).isInstanceOf(FileStoreException.class);

        boolean isThere = call.equals("insertAdopted") && fault == SpiCalls.Fault.AFTER;
        assertThat(world.rows()).hasSize(isThere ? 1 : 0);
        old.assertNothingIsLost(PDF, KEY);
        assertThat(old.apply(request()).kind()).isEqualTo(isThere ? ADOPTED_BEFORE : ADOPTED);
        old.assertNothingIsLost(PDF, KEY);
        assertThat(old.store.verify(4711)).isEqualTo(Verification.INTACT);
    }

    @Test
    void adopt_objectIsReplacedMeanwhile_fails() {
        old.pdf();
        old.beforeOpen = () -> {
            world.storage.delete(KEY);
            old.pdf();
        };

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> old.apply(request()))
                .withMessageContaining("meanwhile");
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void adopt_interrupted_failsAndLeavesTheFlag() {
        old.pdf();
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> old.apply(request()));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(StorageException.class);
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void adopt_scannerFails_isUnknown() {
        old.pdf();
        ProbeScanner scanner = new ProbeScanner().at(ProbeScanner.Call.END, () -> {
            throw new IllegalStateException("no answer");
        });
        FileStore store = old.builder().scanner(scanner).build();

        assertThatExceptionOfType(ScanException.class).isThrownBy(() -> store.adopt(request(), Adoption.Mode.APPLY));
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void adopt_bytesOfAnotherLengthThanTold_fails() {
        for (byte[] other : List.of("%PDF-1.7".getBytes(StandardCharsets.US_ASCII), new byte[9_000], new byte[0])) {
            AdoptFixture world = new AdoptFixture();
            world.pdf();
            StorageBackend liar = new OtherBytes(world, other);
            FileStore store = world.builder().storage(liar).policy(anything()).build();

            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(() -> store.adopt(request(), Adoption.Mode.APPLY))
                    .withMessageContaining(PDF.length + " bytes, and gives");
            assertThat(world.world.rows()).isEmpty();
        }
    }

    private static MimePolicy anything() {
        return (name, declared, head) -> new MimePolicy.Accepted("application/pdf", Category.DOCUMENT, 1_000_000);
    }

    /** A storage that tells of one object, and gives the bytes of another. */
    private static final class OtherBytes extends ForwardingStorage {

        private final byte[] bytes;

        OtherBytes(AdoptFixture old, byte[] bytes) {
            super(old.world.storage);
            this.bytes = bytes;
        }

        @Override
        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
            return Optional.of(new ByteArrayInputStream(bytes));
        }
    }
}

package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A secret is changed while several processes serve the same clients: no cursor and no address ends early, or lives on. */
class KeyRotationTest {

    private static final byte[] OLD = "the old secret, of 32 bytes or more".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "the new secret, of 32 bytes or more".getBytes(StandardCharsets.US_ASCII);

    private final StoreFixture world = new StoreFixture();
    private final long id = world.uploaded("bob").id();
    private final long newest = world.uploaded("bob").id();

    /** The steps of a rotation. */
    private final FileStore before = world.builder().secret(OLD).build();

    private final FileStore announced = world.builder().secret(OLD, NEW).build();
    private final FileStore switched = world.builder().secret(NEW, OLD).build();
    private final FileStore after = world.builder().secret(NEW).build();

    private static String parameter(URI url, String name) {
        return Stream.of(url.getRawQuery().split("&", -1))
                .filter(pair -> pair.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1);
    }

    /** Whether the address and the cursor that one process signed are good at another. */
    private boolean holds(FileStore signer, FileStore verifier) {
        URI url = signer.presign(id, Duration.ofHours(1)).url();
        String cursor = signer.list(FileQuery.of("bob").withLimit(1)).nextCursor();
        boolean address;
        try (FileContent opened = verifier.openSigned(
                id, parameter(url, "expires"), parameter(url, "disposition"), parameter(url, "signature"))) {
            address = opened.file().id() == id;
        } catch (NotAuthorizedException e) {
            address = false;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        boolean page;
        try {
            page = verifier.list(FileQuery.of("bob").withLimit(1).withCursor(cursor)).files().stream()
                    .allMatch(file -> file.id() == id);
        } catch (InvalidCursorException e) {
            page = false;
        }
        assertThat(page).as("cursors go by the same secrets as addresses").isEqualTo(address);
        return address;
    }

    @Test
    void secret_changedStepByStep_keepsWhatWasSigned() {
        assertThat(newest).isGreaterThan(id);
        // Neighbours in time run beside each other.
        for (List<FileStore> pair :
                List.of(List.of(before, announced), List.of(announced, switched), List.of(switched, after))) {
            FileStore earlier = pair.get(0);
            FileStore later = pair.get(1);
            assertThat(holds(earlier, earlier)).isTrue();
            assertThat(holds(later, earlier)).isTrue();
            // What the old secret signed ends only with the last step, by when the host has let it expire.
            assertThat(holds(earlier, later)).isTrue();
        }
        assertThat(holds(before, switched)).isTrue();
        assertThat(holds(before, after)).isFalse();
        assertThat(holds(after, before)).isFalse();
        assertThat(holds(announced, after)).isFalse();
    }

    @Test
    void secret_current_aloneSigns() {
        URI address = announced.presign(id, Duration.ofHours(1)).url();
        assertThat(address).isEqualTo(before.presign(id, Duration.ofHours(1)).url());
        assertThat(switched.presign(id, Duration.ofHours(1)).url())
                .isEqualTo(after.presign(id, Duration.ofHours(1)).url())
                .isNotEqualTo(address);
    }

    @Test
    void secret_previousTooShort_isMisuse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileStore.builder().secret(NEW, OLD, new byte[31]))
                .withMessage("a secret has at least 32 bytes, found 31");
    }

    @Test
    void secret_previousChangedAfterwards_isTheOneThatWasSet() {
        byte[] previous = OLD.clone();
        FileStore.Builder builder = world.builder().secret(NEW, previous);
        previous[0]++;
        assertThat(holds(before, builder.build())).isTrue();
    }

    @Test
    void secret_ofNobody_signsNothing() {
        FileStore stranger = world.builder().secret(new byte[64]).build();
        assertThat(holds(stranger, switched)).isFalse();
        assertThatExceptionOfType(NotAuthorizedException.class)
                .isThrownBy(() -> switched.openSigned(id, "9999999999", "inline", ""));
    }
}

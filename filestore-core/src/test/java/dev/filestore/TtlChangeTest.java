package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changing and removing the TTL of a file that is there. */
class TtlChangeTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final StoreFixture world = new StoreFixture();
    private final UserFiles owner = world.store.as(Caller.user("123"));

    private Instant in(Duration time) {
        return world.clock.instant().plus(time);
    }

    @Test
    void expireAt_permanentFile_isGoneAtThatSecondForEveryReader() {
        StoredFile file = world.uploaded("123");

        StoredFile changed = world.store.expireAt(file.id(), in(HOUR));

        assertThat(changed.expiresAt()).isEqualTo(in(HOUR));
        assertThat(changed).isEqualTo(world.store.find(file.id()).orElseThrow());
        assertThat(world.store.presign(file.id(), Duration.ofDays(1)).expiresAt())
                .isEqualTo(in(HOUR).truncatedTo(ChronoUnit.SECONDS));
        world.clock.advance(HOUR.minusNanos(1000));
        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
        world.clock.advance(Duration.of(1, ChronoUnit.MICROS));
        assertThat(world.store.find(file.id())).isEmpty();
        assertThat(owner.list(FileQuery.all()).files()).isEmpty();
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> owner.open(file.id()));
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> owner.presign(file.id(), HOUR));
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> world.store.delete(file.id()));

        world.clock.advance(FileRow.EXPIRY_MARGIN);
        assertThat(world.store.sweep()).isEqualTo(new SweepReport(1, 0, 1, 0));
        world.assertNothingLeft();
    }

    @Test
    void expireAt_laterThanBefore_livesOnUntilThen() {
        StoredFile file = world.store.upload(pdf("123").withTtl(HOUR));
        owner.expireAt(file.id(), in(HOUR.multipliedBy(3)));
        world.clock.advance(HOUR.multipliedBy(2));

        world.calls.clear();
        assertThat(world.store.sweep().isEmpty()).isTrue();
        assertThat(world.calls.made()).as("it is not even looked at").containsExactly("claimDue");
        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
        world.clock.advance(HOUR.multipliedBy(2));
        assertThat(world.store.sweep().expired()).isEqualTo(1);
    }

    @Test
    void keep_temporaryFile_staysForEver() {
        StoredFile file = world.store.upload(pdf("123").withTtl(HOUR));

        assertThat(owner.keep(file.id()).expiresAt()).isNull();

        world.clock.advance(Duration.ofDays(10_000));
        assertThat(world.store.sweep().isEmpty()).isTrue();
        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
    }

    @Test
    void keep_permanentFile_changesNothingThatReadersSee() {
        StoredFile file = world.uploaded("123");

        assertThat(world.store.keep(file.id())).isEqualTo(file);
    }

    @Test
    void keep_afterExpiryAndBeforeTheSweep_isTooLate() {
        StoredFile file = world.store.upload(pdf("123").withTtl(HOUR));
        world.clock.advance(HOUR);

        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> world.store.keep(file.id()));
    }

    @Test
    void keep_anotherNodesClockIsAhead_staysAllTheSame() {
        StoredFile file = world.store.upload(pdf("123").withTtl(HOUR));
        SettableClock ahead =
                new SettableClock(in(HOUR).plus(FileRow.EXPIRY_MARGIN).minusMillis(1));
        FileStore other = world.builder().clock(ahead).build();
        world.clock.advance(HOUR.minusMillis(1));

        other.sweep();
        world.store.keep(file.id());
        ahead.advance(HOUR);
        other.sweep();

        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -86_400})
    void expireAt_notInTheFuture_isMisuseThatSaysWhatToDo(long seconds) {
        StoredFile file = world.uploaded("123");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> world.store.expireAt(file.id(), in(Duration.ofSeconds(seconds))))
                .withMessageContaining("delete");
        assertThat(world.store.find(file.id())).contains(file);
    }

    @Test
    void expireAt_tooFarAhead_isMisuse() {
        StoredFile file = world.uploaded("123");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> world.store.expireAt(file.id(), Instant.MAX.minus(Duration.ofDays(1))));
        assertThat(world.store.find(file.id())).contains(file);
    }

    @Test
    void change_foreignFile_isNotAuthorized() {
        StoredFile file = world.uploaded("321");

        assertThatExceptionOfType(NotAuthorizedException.class).isThrownBy(() -> owner.keep(file.id()));
        assertThatExceptionOfType(NotAuthorizedException.class).isThrownBy(() -> owner.expireAt(file.id(), in(HOUR)));
        assertThat(world.store.find(file.id())).contains(file);
        assertThat(world.store
                        .as(Caller.admin("root"))
                        .expireAt(file.id(), in(HOUR))
                        .expiresAt())
                .isEqualTo(in(HOUR));
    }

    @Test
    void change_noSuchFile_isMissing() {
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> world.store.keep(42));
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> world.store.expireAt(42, in(HOUR)));
    }
}

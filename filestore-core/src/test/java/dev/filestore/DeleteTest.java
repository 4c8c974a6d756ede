package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeleteTest {

    private final StoreFixture world = new StoreFixture();

    @Test
    void delete_file_costsOneMarkOneRemovalOneRow() {
        long id = world.uploaded("123").id();
        world.clock.advance(Duration.ofDays(1));

        world.store.delete(id);

        assertThat(world.calls.made()).containsExactly("find", "compareAndSet", "delete", "remove");
        world.assertNothingLeft();
    }

    @Test
    void delete_twice_isMissingTheSecondTime() {
        long id = world.uploaded("123").id();
        world.store.delete(id);

        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(FileMissingException.class);
    }

    @Test
    void delete_unknownId_isMissing() {
        assertThatThrownBy(() -> world.store.delete(4711))
                .isInstanceOf(FileMissingException.class)
                .hasMessageContaining("4711");
    }

    @Test
    void delete_rightAfterTheUpload_reservesTheKey() {
        StoredFile first = world.uploaded("123");
        world.store.delete(first.id());
        assertThat(world.objects()).isEmpty();

        StoredFile second = world.store.upload(pdf("123"));

        assertThat(second.key()).isNotEqualTo(first.key());
        world.assertConsistentInTheEnd();
        assertThat(world.rows()).extracting(FileRow::id).containsExactly(second.id());
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void delete_storageRefuses_nobodySeesItAndARepeatFinishesIt(SpiCalls.Fault fault) {
        long id = world.uploaded("123").id();
        world.calls.fail("delete", fault);
        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(StorageException.class);
        assertThat(world.store.find(id)).isEmpty();

        world.calls.heal();
        world.store.delete(id);

        assertThat(world.objects()).isEmpty();
        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(FileMissingException.class);
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void delete_storageRefuses_sweepFinishesIt(SpiCalls.Fault fault) {
        long id = world.uploaded("123").id();
        world.calls.fail("delete", fault);
        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(StorageException.class);

        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void delete_markFails_fileStays() {
        long id = world.uploaded("123").id();
        world.calls.fail("compareAndSet", SpiCalls.Fault.BEFORE);
        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(MetadataException.class);

        world.calls.heal();

        assertThat(world.read(id)).isEqualTo(StoreFixture.PDF);
    }

    @Test
    void delete_answerToMarkLost_sweepFinishesIt() {
        long id = world.uploaded("123").id();
        world.calls.fail("compareAndSet", SpiCalls.Fault.AFTER);
        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(MetadataException.class);

        assertThat(world.store.find(id)).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void delete_rowCannotBeRemoved_sweepFinishesIt(SpiCalls.Fault fault) {
        long id = world.uploaded("123").id();
        world.clock.advance(Duration.ofDays(1));
        world.calls.fail("remove", fault);
        assertThatThrownBy(() -> world.store.delete(id)).isInstanceOf(MetadataException.class);

        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }
}

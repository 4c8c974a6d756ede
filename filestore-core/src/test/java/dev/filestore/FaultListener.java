package dev.filestore;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of the files of the present {@link FaultCase}, and fails, hangs and dies as it is told. */
final class FaultListener implements FileStoreListener {

    private @Nullable FaultProcess process;
    private @Nullable FaultLedger ledger;
    private @Nullable FaultCase world;

    void attach(FaultCase present, FaultLedger promised) {
        world = present;
        ledger = promised;
    }

    /** Minds nothing more of what it hears. */
    void detach() {
        world = null;
        ledger = null;
    }

    /** Hears what is told, in that process. */
    void hearIn(FaultProcess telling, Runnable task) {
        FaultProcess before = process;
        process = telling;
        try {
            task.run();
        } finally {
            process = before;
        }
    }

    @Override
    public void stored(FileEvent event) {
        hear(book -> book.toldStored(event.file()));
    }

    @Override
    public void deleted(FileEvent event) {
        FaultCase present = world;
        hear(book ->
                book.toldDeleted(event.file(), Objects.requireNonNull(present).now()));
    }

    private void hear(Consumer<FaultLedger> event) {
        FaultProcess listening = process;
        FaultLedger book = ledger;
        if (book != null) {
            Objects.requireNonNull(listening).hear(() -> event.accept(book));
        }
    }
}

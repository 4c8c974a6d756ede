package dev.filestore;

import java.util.Optional;

/** Looks into uploads, and fails, hangs and dies as it is told. Finds something in files whose names say so. */
final class FaultScanner implements ContentScanner {

    static final String INFECTED = "infected.pdf";
    static final String INFECTED_EARLY = "infected-early.pdf";

    private static final Optional<Finding> FOUND = Optional.of(new Finding("Test.Fault-1"));

    private final FaultProcess process;

    FaultScanner(FaultProcess process) {
        this.process = process;
    }

    @Override
    public Scan begin(Upload upload) {
        process.scan();
        return new Scan() {
            private boolean begun;

            @Override
            public Optional<Finding> update(byte[] buffer, int offset, int length) {
                process.scan();
                boolean early = begun && upload.fileName().equals(INFECTED_EARLY);
                begun = true;
                return early ? FOUND : Optional.empty();
            }

            @Override
            public Optional<Finding> end() {
                process.scan();
                return upload.fileName().equals(INFECTED) ? FOUND : Optional.empty();
            }

            @Override
            public void close() {
                // A process that is gone closes nothing.
                if (!process.isDead()) {
                    process.scan();
                }
            }
        };
    }
}

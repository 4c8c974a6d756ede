package dev.filestore.examples.reliability;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.filestore.FileStore;
import org.slf4j.LoggerFactory;

/** Keeps the store from warning of each of thousands of faults, with its trace, until closed. */
final class Quiet implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger(FileStore.class);
    private final Level before = logger.getLevel();

    Quiet() {
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(before);
    }
}

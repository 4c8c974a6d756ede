package dev.filestore.examples.reliability.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.filestore.FileStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Keeps the store and Hibernate from warning of each of thousands of faults, until closed. */
final class Quiet implements AutoCloseable {

    private final Map<Logger, Optional<Level>> before = new HashMap<>();

    Quiet() {
        silence(FileStore.class.getName());
        // A key that is taken is an error to Hibernate, and all in a day's work to the store.
        silence("org.hibernate.orm.jdbc.error");
    }

    private void silence(String name) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        before.put(logger, Optional.ofNullable(logger.getLevel()));
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        before.forEach((logger, level) -> logger.setLevel(level.orElse(null)));
    }
}

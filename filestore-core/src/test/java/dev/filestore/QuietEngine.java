package dev.filestore;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps the engine from logging each of a million operations, and of their staged failures. */
public final class QuietEngine implements BeforeAllCallback, AfterAllCallback {

    private static Logger logger() {
        return (Logger) Objects.requireNonNull(LoggerFactory.getLogger(FileStore.class.getPackageName()));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        logger().setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        logger().setLevel(null);
    }
}

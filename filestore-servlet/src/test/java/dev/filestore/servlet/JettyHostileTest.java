package dev.filestore.servlet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class JettyHostileTest extends HostileContract {

    private static DiskTarget target;

    @BeforeAll
    static void start() {
        target = new DiskTarget(new JettyServer(ServletServer.Mount.USUAL));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @Override
    DiskTarget target() {
        return target;
    }
}

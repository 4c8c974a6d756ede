package dev.filestore.servlet;

import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class JettyHttpTest extends HttpContract {

    private static MemoryTarget target;

    @BeforeAll
    static void start() {
        target = new MemoryTarget(new JettyServer(ServletServer.Mount.USUAL), Clock.systemUTC(), settings -> settings);
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @Override
    protected HttpTarget target() {
        return target;
    }
}

package dev.filestore.servlet;

import java.time.Duration;

class JettySlowClientsTest extends SlowClientsContract {

    @Override
    ServletServer server(ServletServer.Mount mount, Duration idle) {
        return new JettyServer(mount, idle);
    }
}

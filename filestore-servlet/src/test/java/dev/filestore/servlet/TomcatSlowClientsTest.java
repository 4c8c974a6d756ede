package dev.filestore.servlet;

import java.time.Duration;

class TomcatSlowClientsTest extends SlowClientsContract {

    @Override
    ServletServer server(ServletServer.Mount mount, Duration idle) {
        return new TomcatServer(mount, idle);
    }
}

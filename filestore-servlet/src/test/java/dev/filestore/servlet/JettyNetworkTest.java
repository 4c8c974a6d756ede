package dev.filestore.servlet;

import java.time.Duration;

class JettyNetworkTest extends NetworkContract {

    @Override
    ServletServer server(ServletServer.Mount mount, Duration idle) {
        return new JettyServer(mount, idle);
    }
}

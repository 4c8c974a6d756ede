package dev.filestore.servlet;

import java.time.Duration;

class TomcatNetworkTest extends NetworkContract {

    @Override
    ServletServer server(ServletServer.Mount mount, Duration idle) {
        return new TomcatServer(mount, idle);
    }
}

package dev.filestore.servlet;

class TomcatSessionTest extends SessionContract {

    @Override
    ServletServer server(ServletServer.Mount mount) {
        return new TomcatServer(mount);
    }
}

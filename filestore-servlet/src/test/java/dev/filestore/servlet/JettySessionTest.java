package dev.filestore.servlet;

class JettySessionTest extends SessionContract {

    @Override
    ServletServer server(ServletServer.Mount mount) {
        return new JettyServer(mount);
    }
}

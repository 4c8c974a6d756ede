package dev.filestore.servlet;

class JettyDeploymentTest extends DeploymentContract {

    @Override
    ServletServer server(ServletServer.Mount mount) {
        return new JettyServer(mount);
    }
}

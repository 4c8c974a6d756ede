package dev.filestore.servlet;

class TomcatDeploymentTest extends DeploymentContract {

    @Override
    ServletServer server(ServletServer.Mount mount) {
        return new TomcatServer(mount);
    }
}

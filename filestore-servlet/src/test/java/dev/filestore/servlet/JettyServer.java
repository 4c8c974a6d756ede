package dev.filestore.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

final class JettyServer implements ServletServer {

    private final Mount mount;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    JettyServer(Mount mount) {
        this(mount, null);
    }

    /** Gives up a connection on which nothing comes or goes for so long; after Jetty's own time if null. */
    JettyServer(Mount mount, @Nullable Duration idle) {
        this.mount = mount;
        if (idle != null) {
            connector.setIdleTimeout(idle.toMillis());
        }
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        try {
            // The port is wanted before the servlet is there: it stands in the addresses that the store signs.
            connector.open();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI base() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + mount.path());
    }

    @Override
    public void start(Servlet servlet) {
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        context.setContextPath(mount.contextPath().isEmpty() ? "/" : mount.contextPath());
        ServletHolder holder = new ServletHolder(servlet);
        // No asynchronous support, as in a web.xml that does not mention it.
        holder.setAsyncSupported(false);
        if (mount.multipartConfig()) {
            holder.getRegistration()
                    .setMultipartConfig(new MultipartConfigElement(System.getProperty("java.io.tmpdir")));
        }
        context.addServlet(holder, mount.mapping());
        for (Filter filter : mount.filters()) {
            context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
        }
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

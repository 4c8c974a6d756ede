package dev.filestore.examples.benchmarks.subject;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.RateLimits;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.services.s3.S3Client;

/** The container, as it comes, with a servlet for each side. */
final class Web {

    /** More than any question sends. */
    private static final int MANY = 10_000;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final ServletContextHandler context = new ServletContextHandler("/");

    Web add(FileStore store, String mount) {
        return add(
                FileStoreServlet.builder(store, request -> Optional.of(Caller.user("123")))
                        .rateLimits(RateLimits.off().withUploadsAtOnce(MANY, MANY))
                        .build(),
                mount + "/*");
    }

    Web add(Servlet servlet, String path) {
        context.addServlet(new ServletHolder(servlet), path);
        return this;
    }

    /** The only one that asks the container to take the form apart, which it does into the folder for temporary files. */
    Web addUsual(S3Client client, Rows rows, String path) {
        ServletHolder holder = new ServletHolder(new Servlets.Usual(client, rows));
        holder.getRegistration().setMultipartConfig(new MultipartConfigElement(System.getProperty("java.io.tmpdir")));
        context.addServlet(holder, path);
        return this;
    }

    int start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }
}

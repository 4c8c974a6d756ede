package dev.filestore.examples.webapp;

import dev.filestore.examples.environment.SettingException;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An embedded server, which stops without cutting anybody off. */
final class WebServer implements AutoCloseable {

    static final String MOUNT = "/api/files";

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final GracefulHandler running = new RefusingWhenStopped();

    private WebServer() {}

    /**
     * Takes the port, and answers nobody yet: what is to be served may want to know the address.
     *
     * @param host the address to listen on
     * @param port the port, 0 for any that is free
     */
    static WebServer bind(String host, int port) {
        WebServer bound = new WebServer();
        bound.connector.setHost(host);
        bound.connector.setPort(port);
        try {
            bound.connector.open();
        } catch (IOException e) {
            throw new SettingException(
                    "cannot listen on " + host + " port " + port + ": " + rootMessage(e)
                            + "; set PORT to one that is free, or HOST to an address of this machine",
                    e);
        }
        bound.server.addConnector(bound.connector);
        return bound;
    }

    int port() {
        return connector.getLocalPort();
    }

    /** The address as one on this machine reaches it. */
    URI address() {
        String host = connector.getHost();
        String reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return URI.create("http://" + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + port());
    }

    /** Serves the endpoints alone. */
    void start(Servlet files) throws Exception {
        start(Map.of(MOUNT + "/*", files));
    }

    /**
     * Serves.
     *
     * @param servlets by the pattern of their paths; a servlet with several stands behind several
     */
    void start(Map<String, Servlet> servlets) throws Exception {
        ServletContextHandler context = new ServletContextHandler("/");
        IdentityHashMap<Servlet, ServletHolder> holders = new IdentityHashMap<>();
        servlets.forEach((pattern, servlet) ->
                context.addServlet(holders.computeIfAbsent(servlet, absent -> new ServletHolder(servlet)), pattern));
        running.setHandler(context);
        server.setHandler(running);
        server.start();
    }

    /**
     * Lets the requests that are running finish, while new ones are refused, and then stops. Repeatable.
     *
     * @param patience after this long, what still runs is cut off
     */
    void stop(Duration patience) {
        long requests = running.getCurrentRequestCount();
        LOG.info("Stopping; {} requests are running", requests);
        try {
            running.shutdown().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn(
                    "{} requests ran for more than {} s and are cut off",
                    running.getCurrentRequestCount(),
                    patience.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("Not all requests could be waited for", e.getCause());
        }
        close();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("The server did not stop in good order", e);
        } finally {
            // A server that was never started does not know of a port that is open.
            connector.close();
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Refuses in the form of the other errors, which the server itself does not know. */
    private static final class RefusingWhenStopped extends GracefulHandler {

        private static final byte[] BODY = """
                {"error":"Service unavailable","code":"shutting_down","message":"The server is stopping; try again"}""".getBytes(StandardCharsets.UTF_8);

        @Override
        protected void handleShutdownRejection(Request request, Response response, Callback callback) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "10");
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            response.write(true, ByteBuffer.wrap(BODY), callback);
        }
    }
}

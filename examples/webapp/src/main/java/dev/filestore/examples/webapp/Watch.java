package dev.filestore.examples.webapp;

import dev.filestore.FileStore;
import dev.filestore.StoreHealth;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tells how the store does: {@code GET /metrics} for Prometheus, {@code GET /health} for a probe. Neither is for the public, so
 * both are for {@linkplain OwnMachine one's own machine} alone; an application guards its own as it guards all that is its operators'.
 */
final class Watch extends HttpServlet {

    static final String METRICS = "/metrics";
    static final String HEALTH = "/health";

    private static final long serialVersionUID = 1L;

    private final transient OwnMachine machine;
    private final transient FileStore store;
    private final transient PrometheusMeterRegistry metrics;

    Watch(OwnMachine machine, FileStore store, PrometheusMeterRegistry metrics) {
        this.machine = machine;
        this.store = store;
        this.metrics = metrics;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (!machine.isAsking(request)) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            write(
                    response,
                    "text/plain; charset=utf-8",
                    "This is for whoever asks for " + machine.address() + " on this machine itself\n");
        } else if (request.getServletPath().equals(METRICS)) {
            write(response, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
        } else {
            StoreHealth health = store.health();
            response.setStatus(health.isUp() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            write(response, "application/json", json(health));
        }
    }

    private static String json(StoreHealth health) {
        return "{\"status\":\"" + (health.isUp() ? "UP" : "DOWN") + "\",\"database\":\""
                + state(health.databaseProblem()) + "\",\"storage\":\"" + state(health.storageProblem()) + "\"}";
    }

    private static String state(Optional<String> problem) {
        return problem.isEmpty() ? "UP" : "DOWN";
    }

    private static void write(HttpServletResponse response, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}

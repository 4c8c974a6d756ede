package dev.filestore.examples.webapp;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Gives a token to whoever asks: {@code POST /login/123}. That is for {@linkplain OwnMachine one's own machine} alone, and it
 * answers nobody but the page of this very server.
 */
final class DeveloperLogin extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Who can be chosen. The ids need no escaping in JSON. */
    record User(String id, boolean admin) {

        String toJson() {
            return "{\"user\":\"" + id + "\",\"admin\":" + admin + "}";
        }
    }

    static final List<User> USERS = List.of(new User("123", false), new User("456", false), new User("admin", true));

    private final transient OwnMachine machine;
    private final transient Secrets secrets;

    DeveloperLogin(OwnMachine machine, Secrets secrets) {
        this.machine = machine;
        this.secrets = secrets;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<User> user = USERS.stream()
                .filter(known -> ("/" + known.id()).equals(request.getPathInfo()))
                .findFirst();
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json");
        if (!isOfThePage(request) || user.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            write(
                    response,
                    "{\"error\":\"Not authorized\",\"code\":\"not_authorized\",\"message\":\"This login is for the page at "
                            + machine.address() + " alone\"}");
            return;
        }
        write(
                response,
                "{\"token\":\"" + secrets.token(user.get().id(), user.get().admin()) + "\"}");
    }

    /** Browsers name the origin of whoever posts. */
    private boolean isOfThePage(HttpServletRequest request) {
        return machine.address().toString().equals(request.getHeader("Origin")) && machine.isAsking(request);
    }

    private static void write(HttpServletResponse response, String json) throws IOException {
        response.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }
}

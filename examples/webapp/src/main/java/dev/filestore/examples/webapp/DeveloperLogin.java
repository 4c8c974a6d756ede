package dev.filestore.examples.webapp;

import dev.filestore.examples.environment.Settings;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives a token to whoever asks: {@code POST /login/123}. That is for one's own machine alone, so it is there only where
 * nothing says that others are served, and it answers nobody but the page of this very server.
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

    private final URI address;
    private final transient Secrets secrets;

    DeveloperLogin(URI address, Secrets secrets) {
        this.address = address;
        this.secrets = secrets;
    }

    /**
     * Whether there is a login at all: only with a secret that ends with the process, so that its tokens are good nowhere
     * else; only on an address that no other machine reaches; and not where a public address tells of a proxy in front.
     */
    static boolean isFor(Settings settings) {
        return settings.find("JWT_SECRET").isEmpty()
                && settings.find("PUBLIC_URL").isEmpty()
                && isLoopback(settings.find("HOST").orElse(WebApp.DEFAULT_HOST));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
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
                            + address + " alone\"}");
            return;
        }
        write(
                response,
                "{\"token\":\"" + secrets.token(user.get().id(), user.get().admin()) + "\"}");
    }

    /**
     * Whether the request comes from the page: browsers name the origin of whoever posts. A page of another site has another
     * one, also where it has its own name lead to this machine (DNS rebinding), and a proxy that forwards says so.
     */
    private boolean isOfThePage(HttpServletRequest request) {
        return address.toString().equals(request.getHeader("Origin"))
                && address.getRawAuthority().equals(request.getHeader("Host"))
                && isAbsent(request.getHeader("Forwarded"))
                && isAbsent(request.getHeader("X-Forwarded-For"))
                && isAbsent(request.getHeader("Via"));
    }

    private static boolean isAbsent(@Nullable String field) {
        return field == null;
    }

    private static void write(HttpServletResponse response, String json) throws IOException {
        response.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.filestore.examples.webapp;

import dev.filestore.examples.environment.Settings;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is only for whoever sits at this machine is only there where nothing says that others are served, and then answers
 * nobody else.
 *
 * @param address this server's own
 */
record OwnMachine(URI address) {

    private static final List<String> OF_PROXIES =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via");

    /**
     * Empty unless all speaks for a server of one's own: it has a secret that ends with the process, so that its tokens are
     * good nowhere else; an address that no other machine reaches; and no public one, which tells of a proxy in front.
     */
    static Optional<OwnMachine> of(Settings settings, URI address) {
        boolean own = settings.find("JWT_SECRET").isEmpty()
                && settings.find("PUBLIC_URL").isEmpty()
                && isLoopback(settings.find("HOST").orElse(WebApp.DEFAULT_HOST));
        return own ? Optional.of(new OwnMachine(address)) : Optional.empty();
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Whether a request names this very server, and comes by no proxy, which would say so. A page of another site that has its
     * own name lead to this machine (DNS rebinding) names another.
     */
    boolean isAsking(HttpServletRequest request) {
        return address.getRawAuthority().equals(request.getHeader("Host"))
                && OF_PROXIES.stream().allMatch(field -> isAbsent(request.getHeader(field)));
    }

    private static boolean isAbsent(@Nullable String field) {
        return field == null;
    }
}

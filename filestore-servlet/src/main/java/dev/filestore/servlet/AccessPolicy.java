package dev.filestore.servlet;

import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Tells who sends a request. Thread-safe. {@link JwtAccessPolicy} and {@link ContainerAccessPolicy} are the usual ones; a
 * host that knows its users in another way writes its own.
 */
@FunctionalInterface
public interface AccessPolicy {

    /**
     * Finds out who sends a request, before anything else is done for it.
     *
     * @param request the request; its body and its parameters must not be read, and no session made
     * @return the user, or empty where nobody is known to send it, which the client is told by the status 401. An
     *     exception is told by the status 500
     */
    Optional<Caller> authenticate(HttpServletRequest request);
}

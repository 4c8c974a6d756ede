package dev.filestore.servlet;

import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the user from the container, or from a filter of the host's: {@code getUserPrincipal} names the user,
 * {@code isUserInRole} tells an admin. A name that is no user id (1 to 255 characters, no NUL) is nobody. Immutable and
 * thread-safe.
 *
 * <p>Where the host knows its users by a cookie, its protection against cross-site requests must cover this servlet too.
 */
public final class ContainerAccessPolicy implements AccessPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerAccessPolicy.class);

    private final String adminRole;

    /**
     * Makes the policy.
     *
     * @param adminRole the role whose users are admins
     */
    public ContainerAccessPolicy(String adminRole) {
        this.adminRole = Objects.requireNonNull(adminRole, "adminRole");
    }

    @Override
    public Optional<Caller> authenticate(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        String name = principal == null ? null : principal.getName();
        if (name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Caller(name, request.isUserInRole(adminRole)));
        } catch (IllegalArgumentException e) {
            LOG.debug("a principal was refused: its name is not a user id");
            return Optional.empty();
        }
    }
}

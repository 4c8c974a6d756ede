package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerAccessPolicyTest {

    private static Optional<Caller> ask(@Nullable Principal principal, String role) {
        HttpServletRequest request = mock(HttpServletRequest.class);
        when(request.getUserPrincipal()).thenReturn(principal);
        when(request.isUserInRole(role)).thenReturn(true);
        return new ContainerAccessPolicy("admin").authenticate(request);
    }

    private static Principal named(@Nullable String name) {
        Principal principal = mock(Principal.class);
        when(principal.getName()).thenReturn(name);
        return principal;
    }

    @Test
    void principal_inTheRole_isAnAdmin() {
        assertThat(ask(named("bob"), "admin")).contains(Caller.admin("bob"));
        assertThat(ask(named("bob"), "Admin")).contains(Caller.user("bob"));
    }

    @Test
    void principal_thatIsMissingOrHasNoName_isNobody() {
        assertThat(ask(null, "admin")).isEmpty();
        assertThat(ask(named(null), "admin")).isEmpty();
        assertThat(ask(named(""), "admin")).isEmpty();
        assertThat(ask(named("x".repeat(256)), "admin")).isEmpty();
        assertThat(ask(named("a\0b"), "admin")).isEmpty();
        assertThat(ask(named("\ud800"), "admin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "bob ", "Bob", "CN=bob,OU=x", "DOMAIN\\bob", "../bob", "e\u0301", "\u00e9", "a\nb"})
    void principal_ofAnyOtherName_isThatUserLetterByLetter(String name) {
        assertThat(ask(named(name), "other")).contains(Caller.user(name));
    }
}

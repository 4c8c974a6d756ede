package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.io.File;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A host that has no key set has no jar for one. */
class WithoutKeySetTest {

    /** Runs in a class loader of its own, which finds everything but the library. */
    public static final class Host implements Callable<List<String>> {

        @Override
        public List<String> call() {
            List<String> told = new ArrayList<>();
            try {
                Class.forName("com.nimbusds.jose.jwk.JWKSet");
                told.add("the library is there");
            } catch (ClassNotFoundException e) {
                told.add("no library");
            }
            JwtAccessPolicy policy =
                    SignedTokens.policyBuilder().hs256(SignedTokens.SECRET).build();
            String token = SignedTokens.hmac(SignedTokens.HS256, SignedTokens.claims());
            HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                    Host.class.getClassLoader(),
                    new Class<?>[] {HttpServletRequest.class},
                    (self, method, arguments) -> Collections.enumeration(List.of("Bearer " + token)));
            told.add(policy.authenticate(request).orElseThrow().userId());
            try {
                SignedTokens.policyBuilder()
                        .jwks(URI.create("https://issuer.example/keys"))
                        .issuer("us")
                        .build();
            } catch (IllegalStateException e) {
                told.add(String.valueOf(e.getMessage()));
            }
            return told;
        }
    }

    @Test
    void policy_withoutTheLibrary_verifiesUnderOtherKeysAndSaysWhatAKeySetNeeds() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("nimbus-jose-jwt")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Object host = loader.loadClass(Host.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(((Callable<?>) host).call())
                    .isEqualTo(List.of(
                            "no library", "123", "a key set needs com.nimbusds:nimbus-jose-jwt on the class path"));
        }
    }
}

package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.filestore.FileEvent;
import dev.filestore.UrlSigner;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How invalidations are set up, and what of CloudFront works where the SDK's artifact is not there. */
class CloudFrontSettingsTest {

    @Test
    void fromEnvironment_distribution_sendsThere() throws Exception {
        try (ScriptedCloudFront cloudFront = new ScriptedCloudFront()) {
            FileEvent event = CloudFrontInvalidationsTest.deletion("uploads/1/a.pdf");
            Map<String, String> environment = Map.of(
                    "CLOUDFRONT_DISTRIBUTION_ID",
                    ScriptedCloudFront.DISTRIBUTION,
                    "AWS_ENDPOINT_URL_CLOUDFRONT",
                    cloudFront.endpoint().toString(),
                    "AWS_ACCESS_KEY_ID",
                    "ID",
                    "AWS_SECRET_ACCESS_KEY",
                    "the-secret-of-the-test");
            try (CloudFrontInvalidations invalidations =
                    CloudFrontInvalidations.fromEnvironment(environment).orElseThrow()) {
                assertThat(invalidations).hasToString("CloudFrontInvalidations[distribution=E2QWRUHAPOMQZL]");
                invalidations.deletedLater(event);
            }

            assertThat(cloudFront.invalidations()).containsExactly(List.of("/uploads/1/a.pdf"));
        }
    }

    @Test
    void fromEnvironment_absentOrMalformed_isNoneOrRefused() {
        assertThat(CloudFrontInvalidations.fromEnvironment(Map.of())).isEmpty();
        assertThat(CloudFrontInvalidations.fromEnvironment(Map.of("CLOUDFRONT_DISTRIBUTION_ID", " ")))
                .isEmpty();
        for (Map<String, String> wrong : List.of(
                Map.of("AWS_ENDPOINT_URL_CLOUDFRONT", "https://cloudfront.example"),
                Map.of("CLOUDFRONT_DISTRIBUTION_ID", "d123.cloudfront.net"),
                Map.of("CLOUDFRONT_DISTRIBUTION_ID", "E1", "AWS_ENDPOINT_URL_CLOUDFRONT", "cloudfront.example"),
                Map.of("CLOUDFRONT_DISTRIBUTION_ID", "E1", "AWS_ACCESS_KEY_ID", "ID"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFrontInvalidations.fromEnvironment(wrong));
        }
    }

    @Test
    void withoutTheArtifact_signingWorksAndInvalidationsSayWhatIsMissing() throws Exception {
        ClassLoader without = new WithoutCloudFront();
        Class<?> signer = without.loadClass(CloudFrontSigner.class.getName());
        Class<?> domain = without.loadClass(CloudFrontDomain.class.getName());
        assertThat(signer.getClassLoader()).isSameAs(without);
        assertThat(signer.getMethod("of", domain, String.class, String.class, UrlSigner.class)
                        .invoke(
                                null,
                                domain.getMethod("of", String.class).invoke(null, CloudFrontEdge.DOMAIN),
                                CloudFrontKeys.ID,
                                CloudFrontKeys.pem(CloudFrontKeys.RSA),
                                CloudFrontInvalidationsTest.unsigned()))
                .isNotNull();
        Object builder = without.loadClass(CloudFrontInvalidations.class.getName())
                .getMethod("builder", String.class)
                .invoke(null, ScriptedCloudFront.DISTRIBUTION);

        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    try {
                        builder.getClass().getMethod("build").invoke(builder);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })
                .withMessageContaining("software.amazon.awssdk:cloudfront");
    }

    /** Loads this package again, on a class path that lacks the SDK's artifact. */
    private static final class WithoutCloudFront extends ClassLoader {

        WithoutCloudFront() {
            super(CloudFrontSigner.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("software.amazon.awssdk.services.cloudfront.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.filestore.s3.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}

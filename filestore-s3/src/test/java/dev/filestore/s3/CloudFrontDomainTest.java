package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudFrontDomainTest {

    @Test
    void urlOf_anyKey_isEncoded() {
        assertThat(CloudFrontDomain.of("d123abc456.cloudfront.net").urlOf("uploads/123/20260226_143022_문서 +%?#.pdf"))
                .hasToString("https://d123abc456.cloudfront.net/uploads/123/20260226_143022_"
                        + "%EB%AC%B8%EC%84%9C%20%2B%25%3F%23.pdf");
    }

    @Test
    void fromEnvironment_absentOrBlank_isNone() {
        assertThat(CloudFrontDomain.fromEnvironment(Map.of())).isEmpty();
        assertThat(CloudFrontDomain.fromEnvironment(Map.of("CLOUDFRONT_DOMAIN", " ")))
                .isEmpty();
        assertThat(CloudFrontDomain.fromEnvironment(Map.of("CLOUDFRONT_DOMAIN", " files.example.org ")))
                .hasValueSatisfying(domain -> assertThat(domain).hasToString("files.example.org"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "https://d123.cloudfront.net",
                "d123.cloudfront.net/path",
                "d123.cloudfront.net:443",
                "user@d123.cloudfront.net",
                "d123..net",
                "-d.example.org",
                "d.example.org.",
                "d 1.example.org",
                "127.0.0.1",
                "파일.example.org"
            })
    void of_noHostName_isRefused(String domain) {
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFrontDomain.of(domain));
    }
}

package dev.filestore.s3;

import static dev.filestore.s3.CloudFrontKeys.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms in which keys come. */
class PemKeyTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] RSA = CloudFrontKeys.RSA.getPrivate().getEncoded();

    /** RFC 8017: what PKCS#8 wraps, behind its 26 bytes. */
    private static final byte[] PKCS1 = Arrays.copyOfRange(RSA, 26, RSA.length);

    /** RFC 5915 for P-256: version, 32 bytes, the curve; the public key is left out. */
    private static byte[] sec1(String curve) {
        byte[] scalar =
                ((ECPrivateKey) CloudFrontKeys.ECDSA.getPrivate()).getS().toByteArray();
        String hex = HEX.formatHex(scalar);
        String number = "0".repeat(64) + hex;
        String rest = "0420" + number.substring(number.length() - 64) + curve;
        String body = "020101" + rest;
        return HEX.parseHex("30" + HEX.toHexDigits((byte) (body.length() / 2)) + body);
    }

    @Test
    void parse_everyFormOfOneKey_isThatKey() {
        for (String form : new String[] {
            pem("PRIVATE KEY", RSA),
            pem("RSA PRIVATE KEY", PKCS1),
            "Bag Attributes\n    friendlyName: x\n" + pem("PRIVATE KEY", RSA) + "-----BEGIN CERTIFICATE-----\n",
            pem("PRIVATE KEY", RSA).replace("\n", "\r\n"),
            pem("PRIVATE KEY", RSA).replace("\n", "\\n")
        }) {
            assertThat(PemKey.parse(form)).isEqualTo(CloudFrontKeys.RSA.getPrivate());
        }
    }

    @Test
    void parse_everyFormOfOneEllipticKey_isThatKey() {
        BigInteger scalar = ((ECPrivateKey) CloudFrontKeys.ECDSA.getPrivate()).getS();
        String parameters = pem("EC PARAMETERS", HEX.parseHex("06082a8648ce3d030107"));
        for (String form : new String[] {
            pem("PRIVATE KEY", CloudFrontKeys.ECDSA.getPrivate().getEncoded()),
            parameters + pem("EC PRIVATE KEY", sec1("a00a06082a8648ce3d030107"))
        }) {
            assertThat(PemKey.parse(form))
                    .isInstanceOfSatisfying(
                            ECPrivateKey.class, key -> assertThat(key.getS()).isEqualTo(scalar));
        }
    }

    static Stream<String> whatIsNoKeyForCloudFront() {
        return Stream.of(
                "",
                "no key at all",
                pem("PUBLIC KEY", CloudFrontKeys.RSA.getPublic().getEncoded()),
                pem("ENCRYPTED PRIVATE KEY", RSA),
                pem("RSA PRIVATE KEY", PKCS1)
                        .replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"),
                pem("PRIVATE KEY", Arrays.copyOf(RSA, RSA.length - 1)),
                pem("PRIVATE KEY", PKCS1),
                pem("PRIVATE KEY", new byte[0]),
                pem("RSA PRIVATE KEY", new byte[200]),
                pem(CloudFrontKeys.rsa(1024)),
                pem(CloudFrontKeys.rsa(3072)),
                pem(CloudFrontKeys.elliptic("secp384r1")),
                // secp256k1, of the same length
                pem("EC PRIVATE KEY", sec1("a00706052b8104000a")),
                pem("PRIVATE KEY", RSA).replace("-----END PRIVATE", "-----END RSA PRIVATE"));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoKeyForCloudFront")
    void parse_anythingElse_isRefusedWithoutAWordOfIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemKey.parse(text))
                .withMessageStartingWith("a CloudFront key is")
                .withMessageNotContaining("MII");
    }
}

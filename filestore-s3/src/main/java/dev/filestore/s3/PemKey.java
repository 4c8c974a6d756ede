package dev.filestore.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the private keys that CloudFront knows, RSA of 2048 bits and ECDSA on the curve P-256, from the forms that OpenSSL
 * writes: PKCS#8 (RFC 5208), PKCS#1 (RFC 8017) and SEC 1 (RFC 5915). No message tells anything of the key.
 */
final class PemKey {

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN (?<kind>RSA |EC |)PRIVATE KEY-----(?<body>[^-]*)-----END \\k<kind>PRIVATE KEY-----");

    private static final HexFormat HEX = HexFormat.of();
    private static final String P256 = "06082a8648ce3d030107";
    private static final byte[] RSA_IN_PKCS8 = HEX.parseHex("020100" + "300d06092a864886f70d0101010500");
    private static final byte[] P256_IN_PKCS8 = HEX.parseHex("020100" + "301306072a8648ce3d0201" + P256);
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final int RSA_BITS = 2048;

    private PemKey() {}

    /**
     * The text of a setting that is a key, or the path of a file with one.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static String textOf(String pemOrPath) {
        if (pemOrPath.contains("-----BEGIN")) {
            return pemOrPath;
        }
        try {
            return Files.readString(Path.of(pemOrPath));
        } catch (IOException | InvalidPathException e) {
            // Without the cause, whose message shows the value: it may be a key that lost its first line.
            throw new IllegalArgumentException(
                    "CLOUDFRONT_PRIVATE_KEY is neither a key in PEM nor the path of a file that can be read: "
                            + e.getClass().getSimpleName());
        }
    }

    /**
     * Reads a key.
     *
     * @param pem the text, with anything around the key
     * @return an RSA key of 2048 bits, or an elliptic one on P-256
     * @throws IllegalArgumentException if it is anything else
     */
    static PrivateKey parse(String pem) {
        // Environments that know no line breaks carry them as two characters.
        Matcher block = BLOCK.matcher(pem.replace("\\n", "\n").replace("\\r", ""));
        if (!block.find()) {
            throw new IllegalArgumentException("a CloudFront key is an unencrypted private key in PEM: PRIVATE KEY,"
                    + " RSA PRIVATE KEY or EC PRIVATE KEY");
        }
        try {
            return parse(block.group("kind"), Base64.getMimeDecoder().decode(block.group("body")));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a CloudFront key is RSA of 2048 bits, or ECDSA on the curve P-256 (prime256v1)", e);
        }
    }

    private static PrivateKey parse(String kind, byte[] der) throws GeneralSecurityException {
        return switch (kind) {
            case "RSA " -> rsa(inPkcs8(RSA_IN_PKCS8, der));
            case "EC " -> {
                if (!HEX.formatHex(der).contains(P256)) {
                    throw new InvalidKeySpecException("the curve is another");
                }
                yield elliptic(inPkcs8(P256_IN_PKCS8, der));
            }
            default -> HEX.formatHex(der).contains(P256) ? elliptic(der) : rsa(der);
        };
    }

    private static PrivateKey rsa(byte[] pkcs8) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        if (key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() == RSA_BITS) {
            return key;
        }
        throw new InvalidKeySpecException("the length is another");
    }

    private static PrivateKey elliptic(byte[] pkcs8) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        if (key instanceof ECPrivateKey curve && curve.getParams().getOrder().equals(P256_ORDER)) {
            return key;
        }
        throw new InvalidKeySpecException("the curve is another");
    }

    /** Puts a key of an older form into a PrivateKeyInfo. */
    private static byte[] inPkcs8(byte[] versionAndAlgorithm, byte[] key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(versionAndAlgorithm);
        content.writeBytes(element(0x04, key));
        return element(0x30, content.toByteArray());
    }

    /** In DER a length takes the fewest bytes; no key that will do has 64 KiB. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 128) {
            element.write(content.length);
        } else if (content.length < 256) {
            element.write(0x81);
            element.write(content.length);
        } else {
            element.write(0x82);
            element.write(content.length >> 8);
            element.write(content.length);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}

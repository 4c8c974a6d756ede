package dev.filestore.servlet;

import static dev.filestore.servlet.SignedTokens.END;
import static dev.filestore.servlet.SignedTokens.HS256;
import static dev.filestore.servlet.SignedTokens.NOW;
import static dev.filestore.servlet.SignedTokens.SECRET;
import static dev.filestore.servlet.SignedTokens.ask;
import static dev.filestore.servlet.SignedTokens.bear;
import static dev.filestore.servlet.SignedTokens.claims;
import static dev.filestore.servlet.SignedTokens.hmac;
import static dev.filestore.servlet.SignedTokens.part;
import static dev.filestore.servlet.SignedTokens.policyBuilder;
import static dev.filestore.servlet.SignedTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens under attack: what is no token, what is one in two ways, and what is rightly signed and wrong all the same. */
class HostileTokenTest {

    private static final KeyPair RSA = SignedTokens.rsa(2048);
    private static final KeyPair EC = SignedTokens.ec("secp256r1");
    private static final JwtAccessPolicy POLICY = policyBuilder().hs256(SECRET).build();
    private static final JwtAccessPolicy RS256 =
            policyBuilder().rs256((RSAPublicKey) RSA.getPublic()).build();
    private static final JwtAccessPolicy ES256 =
            policyBuilder().es256((ECPublicKey) EC.getPublic()).build();
    private static final JwtAccessPolicy ALL = policyBuilder()
            .hs256(SECRET)
            .rs256((RSAPublicKey) RSA.getPublic())
            .es256((ECPublicKey) EC.getPublic())
            .build();

    private static Optional<Caller> withClaims(String claims) {
        return bear(POLICY, hmac(HS256, claims));
    }

    private static Optional<Caller> withHeader(String header) {
        return bear(POLICY, hmac(header, claims()));
    }

    @Nested
    class Algorithms {

        /** CVE-2015-9235 and CVE-2022-23540 (jsonwebtoken): a token that names no algorithm needed no signature. */
        @ParameterizedTest
        @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", " none", "HS256", "RS256", "ES256"})
        void unsigned_underAnyName_isRefused(String name) {
            String text = part("{\"alg\":\"" + name + "\"}") + "." + part(claims());
            for (String signature : new String[] {"", ".", ".AA", ".." + part(new byte[32])}) {
                assertThat(bear(ALL, text + signature)).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"alg\":null}",
                    "{\"alg\":256}",
                    "{\"alg\":[\"HS256\"]}",
                    "{\"alg\":{\"HS256\":true}}",
                    "{\"alg\":\"hs256\"}",
                    "{\"alg\":\"HS256 \"}",
                    "{\"alg\":\"HS384\"}",
                    "{\"alg\":\"HS512\"}",
                    "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\"}",
                    "{\"ALG\":\"HS256\"}"
                })
        void algorithm_thatIsNotExactlyTheKeys_isRefused(String header) {
            assertThat(withHeader(header)).isEmpty();
        }

        @Test
        void hmac_longerThanTheKeys_isRefused() {
            for (String bits : new String[] {"384", "512"}) {
                String header = part("{\"alg\":\"HS" + bits + "\"}");
                assertThat(bear(ALL, hmac(SECRET, "HmacSHA" + bits, header, part(claims()))))
                        .isEmpty();
            }
        }

        /**
         * CVE-2016-10555 (jwt-simple), CVE-2022-29217 (PyJWT) and CVE-2022-23541 (jsonwebtoken): a public key in some form
         * served as the secret of an HMAC.
         */
        @Test
        void hmac_underAPublicKeyInAnyForm_isRefused() {
            for (KeyPair pair : new KeyPair[] {RSA, EC}) {
                byte[] der = pair.getPublic().getEncoded();
                String base64 = Base64.getEncoder().encodeToString(der);
                String mime = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
                String pem = "-----BEGIN PUBLIC KEY-----\n" + mime + "\n-----END PUBLIC KEY-----";
                byte[][] forms = {
                    der,
                    base64.getBytes(StandardCharsets.US_ASCII),
                    pem.getBytes(StandardCharsets.US_ASCII),
                    (pem + "\n").getBytes(StandardCharsets.US_ASCII),
                    ((RSAPublicKey) RSA.getPublic()).getModulus().toByteArray()
                };
                for (byte[] form : forms) {
                    String token = hmac(form, "HmacSHA256", part(HS256), part(claims()));
                    assertThat(bear(RS256, token)).isEmpty();
                    assertThat(bear(ES256, token)).isEmpty();
                    assertThat(bear(ALL, token)).isEmpty();
                }
            }
        }

        /** CVE-2022-23539 (jsonwebtoken): keys served for algorithms of another kind. */
        @Test
        void signature_byAKeyOfAnotherKindThanTheHeaderSays_isRefused() {
            String rsaAsEc = sign("SHA256withRSA", RSA.getPrivate(), "{\"alg\":\"ES256\"}", claims());
            String ecAsRsa = sign("SHA256withECDSAinP1363Format", EC.getPrivate(), "{\"alg\":\"RS256\"}", claims());
            String pss = sign("SHA384withRSA", RSA.getPrivate(), "{\"alg\":\"RS256\"}", claims());
            assertThat(bear(ALL, rsaAsEc)).isEmpty();
            assertThat(bear(ALL, ecAsRsa)).isEmpty();
            assertThat(bear(ALL, pss)).isEmpty();
            assertThat(bear(ALL, sign("SHA256withRSA", RSA.getPrivate(), "{\"alg\":\"RS256\"}", claims())))
                    .isPresent();
        }

        /** CVE-2022-21449 (Java 15 to 18, "psychic signatures"): r and s of 0 were a signature of everything. */
        @Test
        void es256_ofNumbersThatNoSignatureHas_isRefused() {
            BigInteger order = ((ECPublicKey) EC.getPublic()).getParams().getOrder();
            BigInteger[] numbers = {BigInteger.ZERO, BigInteger.ONE, order, order.add(BigInteger.ONE)};
            String signed = part("{\"alg\":\"ES256\"}") + "." + part(claims()) + ".";
            for (BigInteger r : numbers) {
                for (BigInteger s : numbers) {
                    byte[] signature = new byte[64];
                    put(r, signature, 0);
                    put(s, signature, 32);
                    assertThat(bear(ES256, signed + part(signature))).isEmpty();
                }
            }
            for (int length : new int[] {1, 2, 32, 63, 65, 70, 96, 132}) {
                assertThat(bear(ES256, signed + part(new byte[length]))).isEmpty();
            }
            assertThat(bear(ES256, signed + part(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0})))
                    .isEmpty();
        }

        private void put(BigInteger number, byte[] into, int at) {
            byte[] bytes = number.toByteArray();
            byte[] plain = bytes.length > 32 ? Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length) : bytes;
            System.arraycopy(plain, 0, into, at + 32 - plain.length, plain.length);
        }

        @Test
        void es256_inTheOtherFormOfSignatures_isRefused() {
            String der = sign("SHA256withECDSA", EC.getPrivate(), "{\"alg\":\"ES256\"}", claims());
            assertThat(bear(ES256, der)).isEmpty();
            assertThat(bear(
                            ES256,
                            sign("SHA256withECDSAinP1363Format", EC.getPrivate(), "{\"alg\":\"ES256\"}", claims())))
                    .isPresent();
        }
    }

    @Nested
    class Form {

        @Test
        void token_longerThan8KiB_isRefusedWithoutLookingIntoIt() {
            String long8 = hmac(HS256, claims("\"pad\":\"" + "x".repeat(5_900) + "\""));
            String longer = hmac(HS256, claims("\"pad\":\"" + "x".repeat(6_200) + "\""));
            assertThat(long8.length()).isBetween(7_500, 8_192);
            assertThat(longer.length()).isGreaterThan(8_192);

            assertThat(bear(POLICY, long8)).isPresent();
            assertThat(bear(POLICY, longer)).isEmpty();
            assertThat(bear(POLICY, hmac(HS256, claims("\"pad\":\"" + "x".repeat(1 << 20) + "\""))))
                    .isEmpty();
            for (String piece : new String[] {".", "a", " ", "a.", "=", "Bearer ", "a, Bearer "}) {
                assertThat(ask(POLICY, "Bearer " + piece.repeat(1 << 20))).isEmpty();
                assertThat(ask(POLICY, "Bearer " + piece.repeat(8_000 / piece.length())))
                        .isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "-.-.-", "_._._"})
        void token_thatIsNone_isRefused(String text) {
            assertThat(bear(POLICY, text)).isEmpty();
        }

        @Test
        void token_withMoreOrFewerParts_isRefused() {
            String token = hmac(HS256, claims());
            assertThat(bear(POLICY, token)).isPresent();
            for (String other : new String[] {
                token + ".", "." + token, token + ".AAAA", token + "..", token.substring(0, token.lastIndexOf('.') + 1)
            }) {
                assertThat(bear(POLICY, other)).isEmpty();
            }
        }

        /** RFC 7515 section 2: base64url without padding, line breaks or white space. Other writings are other tokens. */
        @Test
        void part_writtenInAnotherWay_isRefused() {
            String padded = Base64.getUrlEncoder().encodeToString((HS256 + " ").getBytes(StandardCharsets.UTF_8));
            String claims = part(claims());
            assertThat(padded).endsWith("=");
            assertThat(bear(POLICY, hmac(SECRET, "HmacSHA256", padded, claims))).isEmpty();
            assertThat(bear(POLICY, hmac(SECRET, "HmacSHA256", "+/" + part(HS256), claims)))
                    .isEmpty();
            for (char space : new char[] {' ', '\t', '\n', '\r', '\u00a0', '\0'}) {
                assertThat(ask(POLICY, "Bearer " + new StringBuilder(hmac(HS256, claims())).insert(5, space)))
                        .isEmpty();
            }
        }

        /** A decoder that drops the last bits takes several texts for one signature. */
        @Test
        void signature_withOtherLastBits_isRefused() {
            String token = hmac(HS256, claims());
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            String start = token.substring(0, token.length() - 1);
            long taken = alphabet.chars()
                    .filter(last -> bear(POLICY, start + (char) last).isPresent())
                    .count();
            assertThat(taken).isOne();
        }

        @Test
        void json_thatIsNotOneObject_isRefused() {
            for (String json : new String[] {
                "",
                " ",
                "null",
                "[]",
                "\"x\"",
                "1",
                "{",
                "}",
                "{}{}",
                claims() + claims(),
                claims() + " x",
                "[" + claims() + "]",
                "{'sub':'123'}",
                claims().replace("}", ",}"),
                "/**/" + claims(),
                "\ufeff" + claims(),
                claims("\"a\":NaN"),
                claims("\"a\":01")
            }) {
                assertThat(withClaims(json)).as(json).isEmpty();
                assertThat(withHeader(json)).as(json).isEmpty();
            }
            assertThat(withClaims(" \n" + claims() + "\t ")).isPresent();
        }

        /**
         * CVE-2022-39227 (python-jwt): JSON around a genuine token was verified by one reader as JSON, and by the other as
         * the forged claims between the dots.
         */
        @Test
        void token_inTheFormOfJson_isRefused() {
            String[] genuine = hmac(HS256, claims()).split("\\.", -1);
            String forged = hmac(HS256, claims("\"role\":\"admin\"")).split("\\.", -1)[1];
            String json = "\"protected\":\"" + genuine[0] + "\",\"payload\":\"" + genuine[1] + "\",\"signature\":\""
                    + genuine[2] + "\"}";

            assertThat(bear(POLICY, String.join(".", genuine))).isPresent();
            assertThat(bear(POLICY, "{" + json)).isEmpty();
            assertThat(bear(POLICY, "{\"" + genuine[0] + "." + forged + ".\":\"\"," + json))
                    .isEmpty();
        }

        /** Two readers of one token must not see two users: one takes the first of two names, the other the last. */
        @Test
        void json_withANameTwice_isRefused() {
            assertThat(withClaims("{\"sub\":\"1\",\"sub\":\"2\",\"exp\":" + END + "}"))
                    .isEmpty();
            assertThat(withClaims("{\"sub\":\"1\",\"s\\u0075b\":\"2\",\"exp\":" + END + "}"))
                    .isEmpty();
            assertThat(withClaims(claims("\"exp\":" + END))).isEmpty();
            assertThat(withClaims(claims("\"role\":\"user\"", "\"role\":\"admin\"")))
                    .isEmpty();
            assertThat(withClaims(claims("\"x\":{\"a\":1,\"a\":2}"))).isEmpty();
            assertThat(withHeader("{\"alg\":\"HS256\",\"alg\":\"HS256\"}")).isEmpty();
            assertThat(withHeader("{\"alg\":\"none\",\"alg\":\"HS256\"}")).isEmpty();
            assertThat(withHeader("{\"alg\":\"HS256\",\"kid\":\"a\",\"kid\":\"b\"}"))
                    .isEmpty();
        }

        /** CVE-2025-53864 (nimbus-jose-jwt): deep JSON ran the stack out. */
        @Test
        void json_thatIsDeepOrHasEndlessNumbers_isRefused() {
            for (int depth : new int[] {15, 100, 2_000}) {
                assertThat(withClaims(claims("\"a\":" + "[".repeat(depth) + "]".repeat(depth))))
                        .as("depth %d", depth)
                        .matches(found -> found.isPresent() == (depth == 15));
                assertThat(withClaims(claims("\"a\":" + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth))))
                        .matches(found -> found.isPresent() == (depth == 15));
                assertThat(withHeader("{\"alg\":\"HS256\",\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                        .matches(found -> found.isPresent() == (depth == 15));
            }
            assertThat(withClaims(claims("\"a\":" + "[".repeat(4_000)))).isEmpty();
            assertThat(withClaims(claims("\"a\":" + "9".repeat(1_000)))).isEmpty();
            assertThat(withClaims(claims("\"a\":1e" + "9".repeat(30)))).isPresent();
        }

        /** A decoder that replaces bytes makes one user of several. */
        @Test
        void claims_thatAreNotUtf8_areRefused() {
            for (byte[] bytes : new byte[][] {
                {(byte) 0xff},
                {(byte) 0xc0, (byte) 0xae},
                {(byte) 0xe0, (byte) 0x80, (byte) 0xaf},
                {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                {(byte) 0xc3}
            }) {
                String raw = new String(bytes, StandardCharsets.ISO_8859_1);
                byte[] claims = claims().replace("123", raw).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(bear(POLICY, hmac(SECRET, "HmacSHA256", part(HS256), part(claims))))
                        .isEmpty();
            }
        }

        /** Nothing that is no token ends in another way than "nobody": an exception is a 500, and a page of log. */
        @Test
        void token_changedAtRandom_isNobody() {
            Random random = new Random(20260226);
            String good = hmac(HS256, claims("\"role\":\"user\"", "\"nbf\":1", "\"aud\":[]"));
            String[] pieces = {
                "\"",
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\\u",
                "\\ud800",
                "null",
                "-",
                "1e999",
                "9223372036854775807",
                "\0",
                "\"exp\":",
                "\"sub\":",
                "true",
                "\ud83d\ude00",
                " "
            };
            for (int i = 0; i < 20_000; i++) {
                StringBuilder claims = new StringBuilder(claims("\"role\":\"user\"", "\"iat\":1.5", "\"nbf\":0"));
                for (int j = random.nextInt(4); j >= 0; j--) {
                    int at = random.nextInt(claims.length());
                    int end = Math.min(claims.length(), at + random.nextInt(4));
                    claims.replace(at, end, pieces[random.nextInt(pieces.length)]);
                }
                // Signed or not, reading comes first. What can still be read is a token, for whomever.
                bear(POLICY, hmac(HS256, claims.toString()));
                StringBuilder text = new StringBuilder(good);
                int at = random.nextInt(good.length());
                text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(7))));
                assertThat(bear(POLICY, text.toString())).isEmpty();
            }
        }
    }

    @Nested
    class Headers {

        /** CVE-2018-0114 (node-jose): the key that came with the token verified it. Neither is an address ever followed. */
        @Test
        void keys_thatComeWithTheToken_areNotLookedAt() {
            KeyPair own = SignedTokens.rsa(2048);
            String modulus = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            ((RSAPublicKey) own.getPublic()).getModulus().toByteArray());
            String jwk = "\"jwk\":{\"kty\":\"RSA\",\"n\":\"" + modulus + "\",\"e\":\"AQAB\"}";
            for (String brought : new String[] {
                jwk, "\"jku\":\"http://127.0.0.1:1/keys\"", "\"x5u\":\"http://127.0.0.1:1/c\"", "\"x5c\":[\"MIIB\"]"
            }) {
                String header = "{\"alg\":\"RS256\"," + brought + "}";
                assertThat(bear(RS256, sign("SHA256withRSA", own.getPrivate(), header, claims())))
                        .isEmpty();
                assertThat(bear(RS256, sign("SHA256withRSA", RSA.getPrivate(), header, claims())))
                        .isPresent();
            }
        }

        @Test
        void keyId_ofAnyText_choosesNothing() {
            for (String kid : new String[] {
                "a",
                "../../../../dev/null",
                "/dev/null",
                "' OR '1'='1",
                "file:///etc/passwd",
                "http://127.0.0.1:1/",
                "\\u0000",
                "x".repeat(255)
            }) {
                String header = "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}";
                assertThat(withHeader(header)).isPresent();
                assertThat(bear(POLICY, hmac(new byte[1], "HmacSHA256", part(header), part(claims()))))
                        .isEmpty();
            }
            for (String kid : new String[] {"1", "null", "[]", "{}", "true", "\"" + "x".repeat(256) + "\""}) {
                assertThat(withHeader("{\"alg\":\"HS256\",\"kid\":" + kid + "}"))
                        .isEmpty();
            }
        }

        /** RFC 7515 section 4.1.11; CVE-2026-32597 (PyJWT) and CVE-2025-59420 (Authlib): {@code crit} was passed over. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"crit\":[\"b64\"],\"b64\":false",
                    "\"crit\":[]",
                    "\"crit\":null",
                    "\"crit\":[\"exp\"],\"exp\":1",
                    "\"b64\":false",
                    "\"b64\":true"
                })
        void extension_thatHasToBeUnderstood_isRefused(String extension) {
            assertThat(withHeader("{\"alg\":\"HS256\"," + extension + "}")).isEmpty();
        }

        /** RFC 8725 section 3.11: a logout token or a proof of possession is signed by the same issuer for another use. */
        @Test
        void type_ofAnotherUse_isRefused() {
            for (String type :
                    new String[] {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/jwt"}) {
                assertThat(withHeader("{\"alg\":\"HS256\",\"typ\":\"" + type + "\"}"))
                        .isPresent();
            }
            for (String type :
                    new String[] {"\"logout+jwt\"", "\"dpop+jwt\"", "\"secevent+jwt\"", "\"\"", "null", "1", "[\"JWT\"]"
                    }) {
                assertThat(withHeader("{\"alg\":\"HS256\",\"typ\":" + type + "}"))
                        .isEmpty();
            }
        }
    }

    @Nested
    class Times {

        private Optional<Caller> expiring(String exp) {
            return withClaims("{\"sub\":\"123\",\"exp\":" + exp + "}");
        }

        @Test
        void end_thatIsNoTimeToCome_isRefused() {
            for (String exp : new String[] {
                "\"" + END + "\"",
                "null",
                "true",
                "[" + END + "]",
                "{}",
                "\"\"",
                "\"2026-02-26T15:30:22Z\"",
                "0",
                "-1",
                "-0.5",
                "1e400",
                "-1e400",
                "1e30",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775808",
                "18446744073709551616",
                "253402300800",
                "0x7fffffff",
                "9".repeat(40)
            }) {
                assertThat(expiring(exp)).as(exp).isEmpty();
            }
            assertThat(withClaims("{\"sub\":\"123\"}")).isEmpty();
            assertThat(withClaims("{\"sub\":\"123\",\"EXP\":" + END + "}")).isEmpty();
            assertThat(withClaims("{\"sub\":\"123\",\"a\":{\"exp\":" + END + "}}"))
                    .isEmpty();
        }

        /** RFC 7519 section 4.1.4: from its end on a token is over; a fraction of a second is allowed. */
        @Test
        void end_isTheFirstMomentAtWhichTheTokenIsOver() {
            long now = NOW.getEpochSecond();
            assertThat(expiring("" + now)).isEmpty();
            assertThat(expiring("" + (now + 1))).isPresent();
            assertThat(expiring((now + 1) + ".75")).isPresent();
            assertThat(expiring("1.772116223E9")).isPresent();
        }

        @Test
        void end_furtherAheadThanATokenMayLive_isRefused() {
            long day = Duration.ofDays(1).toSeconds();
            long now = NOW.getEpochSecond();
            assertThat(expiring("" + (now + 366 * day))).isPresent();
            assertThat(expiring("" + (now + 366 * day + 1))).isEmpty();
            // Milliseconds where seconds are due.
            assertThat(expiring(END + "000")).isEmpty();
            assertThat(expiring("253402300799")).isEmpty();

            JwtAccessPolicy short1 = policyBuilder()
                    .hs256(SECRET)
                    .maxLifetime(Duration.ofMinutes(1))
                    .build();
            assertThat(bear(short1, hmac(HS256, claims()))).isPresent();
            assertThat(bear(short1, hmac(HS256, claims().replace("" + END, "" + (END + 1)))))
                    .isEmpty();
            assertThatThrownBy(() -> policyBuilder().maxLifetime(Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void beginOrIssue_toComeOrNoTime_isRefused() {
            for (String name : new String[] {"nbf", "iat"}) {
                for (String value : new String[] {
                    "" + (NOW.getEpochSecond() + 1),
                    "\"1\"",
                    "null",
                    "true",
                    "[1]",
                    "-1",
                    "1e400",
                    "9223372036854775807"
                }) {
                    assertThat(withClaims(claims("\"" + name + "\":" + value)))
                            .as(name + " " + value)
                            .isEmpty();
                }
                assertThat(withClaims(claims("\"" + name + "\":" + NOW.getEpochSecond())))
                        .isPresent();
            }
        }
    }

    @Nested
    class Claims {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "123",
                    "1.5",
                    "true",
                    "null",
                    "[\"123\"]",
                    "[]",
                    "{}",
                    "{\"123\":1}",
                    "\"\"",
                    "\"\\u0000\"",
                    "\"a\\u0000b\"",
                    "\"\\ud800\"",
                    "\"\\udc00\\ud800\"",
                    "\"a\\ud83d\""
                })
        void subject_thatIsNoUserId_isRefused(String subject) {
            assertThat(withClaims("{\"sub\":" + subject + ",\"exp\":" + END + "}"))
                    .isEmpty();
        }

        /** Ids are compared as they are: nothing is cut off, folded or composed, so that nobody becomes somebody else. */
        @Test
        void subject_ofAnyOtherText_isTheUserLetterByLetter() {
            for (String subject : new String[] {
                " ", "  ", "123 ", " 123", "\t", "123\n", "\u0001", "\u007f", "\u202e123", "\u200b", "ADMIN", "admin",
                "\u00e9", "e\u0301", "\u212b", "\u00c5", "\ufb01", "fi", "\u0130", "..", "../other", "a/b", "a%2fb",
                        "a\\b",
                "\ud83d\ude00", "\ufffd", "null", "0", "x".repeat(255), "\ud83d\ude00".repeat(127)
            }) {
                String json = subject.replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\u0001", "\\u0001");
                assertThat(withClaims("{\"sub\":\"" + json + "\",\"exp\":" + END + "}"))
                        .contains(Caller.user(subject));
            }
            assertThat(withClaims("{\"sub\":\"" + "x".repeat(256) + "\",\"exp\":" + END + "}"))
                    .isEmpty();
            assertThat(withClaims("{\"sub\":\"" + "\ud83d\ude00".repeat(128) + "\",\"exp\":" + END + "}"))
                    .isEmpty();
        }

        /** CVE-2024-53861 (PyJWT): a part of the issuer's name was enough. */
        @Test
        void issuer_thatIsNotExactlyTheOne_isRefused() {
            JwtAccessPolicy policy = policyBuilder()
                    .hs256(SECRET)
                    .issuer("https://issuer.example/")
                    .build();
            assertThat(bear(policy, hmac(HS256, claims("\"iss\":\"https://issuer.example/\""))))
                    .isPresent();
            for (String issuer : new String[] {
                "\"https://issuer.example\"", "\"https://issuer.example/x\"", "\"https://ISSUER.example/\"",
                        "\"issuer\"", "\"\"",
                "\"https://issuer.example/ \"", "null", "1", "[\"https://issuer.example/\"]", "{}"
            }) {
                assertThat(bear(policy, hmac(HS256, claims("\"iss\":" + issuer))))
                        .as(issuer)
                        .isEmpty();
            }
            assertThat(bear(policy, hmac(HS256, claims()))).isEmpty();
        }

        /** CVE-2020-26160 (jwt-go): an audience of another form was passed over. */
        @Test
        void audience_thatDoesNotHoldTheOne_isRefused() {
            JwtAccessPolicy policy =
                    policyBuilder().hs256(SECRET).audience("files").build();
            for (String audience : new String[] {"\"files\"", "[\"files\"]", "[\"x\",\"files\"]"}) {
                assertThat(bear(policy, hmac(HS256, claims("\"aud\":" + audience))))
                        .isPresent();
            }
            for (String audience : new String[] {
                "\"file\"",
                "\"files2\"",
                "\"Files\"",
                "[]",
                "[\"\"]",
                "null",
                "{}",
                "{\"files\":1}",
                "[[\"files\"]]",
                "[\"files\",1]",
                "[null,\"files\"]",
                "true"
            }) {
                assertThat(bear(policy, hmac(HS256, claims("\"aud\":" + audience))))
                        .as(audience)
                        .isEmpty();
            }
            assertThat(bear(policy, hmac(HS256, claims()))).isEmpty();
        }

        /** RFC 7519 section 4.1.3: whoever is not named by an audience that is there must refuse. */
        @Test
        void audience_whereNoneIsSet_isRefused() {
            assertThat(withClaims(claims("\"aud\":\"another application\""))).isEmpty();
            assertThat(withClaims(claims("\"aud\":[\"files\"]"))).isEmpty();
        }

        @Test
        void roles_thatAreNotTextsOrOneText_makeNoAdmin() {
            for (String roles : new String[] {
                "1",
                "true",
                "null",
                "{}",
                "{\"admin\":true}",
                "[]",
                "[1,\"admin\"]",
                "[\"admin\",null]",
                "[[\"admin\"]]",
                "[{\"admin\":1},\"admin\"]",
                "\"Admin\"",
                "\"admin \"",
                "\" admin\"",
                "\"administrator\"",
                "\"user,admin\"",
                "\"user admin\"",
                "\"[\\\"admin\\\"]\"",
                "[\"user\",\"administrator\"]",
                "\"\\u0430dmin\""
            }) {
                assertThat(withClaims(claims("\"role\":" + roles))).as(roles).contains(Caller.user("123"));
            }
            for (String roles : new String[] {"\"admin\"", "[\"admin\"]", "[\"user\",\"admin\"]", "\"\\u0061dmin\""}) {
                assertThat(withClaims(claims("\"role\":" + roles))).as(roles).contains(Caller.admin("123"));
            }
            for (String other : new String[] {
                "\"roles\":\"admin\"", "\"Role\":\"admin\"", "\"admin\":true", "\"x\":{\"role\":\"admin\"}"
            }) {
                assertThat(withClaims(claims(other))).contains(Caller.user("123"));
            }
        }
    }
}

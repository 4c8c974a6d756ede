package dev.filestore.examples.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.AllowedTypes;
import dev.filestore.ByteRange;
import dev.filestore.Caller;
import dev.filestore.Category;
import dev.filestore.MimePolicy;
import dev.filestore.Naming;
import dev.filestore.NotAuthorizedException;
import dev.filestore.ObjectHeaders;
import dev.filestore.StorageBackend;
import dev.filestore.examples.fuzzing.forms.Part;
import dev.filestore.examples.fuzzing.targets.FieldsTarget;
import dev.filestore.examples.fuzzing.targets.FormsTarget;
import dev.filestore.examples.fuzzing.targets.NamesTarget;
import dev.filestore.examples.fuzzing.targets.RequestsTarget;
import dev.filestore.examples.fuzzing.targets.SignedTarget;
import dev.filestore.examples.fuzzing.targets.TokensTarget;
import dev.filestore.examples.fuzzing.targets.TypesTarget;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.servlet.JwtAccessPolicy;
import dev.filestore.servlet.Parsing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules can be broken: whatever makes a known mistake is found, and within what a build has time for. */
class BrokenTargetsTest {

    private static final Duration ENOUGH = Duration.ofMinutes(2);
    private static final long MOST_INPUTS = 20_000;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "a parser misses a delimiter across a cut",
                        new FormsTarget(BrokenTargetsTest::missDelimitersAcrossCuts)),
                Arguments.of(
                        "a parser drops the last byte of a part", new FormsTarget(BrokenTargetsTest::dropLastBytes)),
                Arguments.of("a range is a byte too long", new FieldsTarget(BrokenTargetsTest::rangeOfAByteTooMuch)),
                Arguments.of(
                        "a token without a signature is taken (CVE-2015-9235)",
                        new TokensTarget(
                                (secret, rsa, ec, clock) -> request -> unsigned(request.getHeader("Authorization"))
                                        .or(() -> JwtAccessPolicy.builder()
                                                .hs256(secret)
                                                .clock(clock)
                                                .build()
                                                .authenticate(request)))),
                Arguments.of(
                        "the public key is taken for a secret (CVE-2016-10555)",
                        new TokensTarget((secret, rsa, ec, clock) -> JwtAccessPolicy.builder()
                                .hs256(rsa.getEncoded())
                                .rs256(rsa)
                                .clock(clock)
                                .build())),
                Arguments.of(
                        "an expired token is taken",
                        new TokensTarget((secret, rsa, ec, clock) -> JwtAccessPolicy.builder()
                                .hs256(secret)
                                .clock(Clock.offset(clock, Duration.ofDays(-1)))
                                .build())),
                Arguments.of("the name alone says what a file is", new TypesTarget(BrokenTargetsTest::byName)),
                Arguments.of(
                        "the bytes alone say what a file is",
                        new TypesTarget((name, declared, head) ->
                                AllowedTypes.standard().judge("a.gif", null, head))),
                Arguments.of("names are left as they are", new NamesTarget(name -> name.isEmpty() ? "file" : name)),
                Arguments.of(
                        "names are taken apart into letters and marks",
                        new NamesTarget(name -> Normalizer.normalize(Naming.clean(name), Normalizer.Form.NFD))),
                Arguments.of(
                        "an address is open by the length of its signature",
                        new SignedTarget((store, id, expires, disposition, signature) -> signature.length() == 43
                                ? store.open(id)
                                : store.openSigned(id, expires, disposition, signature))),
                Arguments.of(
                        "a signature is good for every file",
                        new SignedTarget((store, id, expires, disposition, signature) -> {
                            for (long other = 1; other <= 6; other++) {
                                try {
                                    store.openSigned(other, expires, disposition, signature);
                                    return store.open(id);
                                } catch (NotAuthorizedException e) {
                                    // It may be of the next.
                                }
                            }
                            return store.openSigned(id, expires, disposition, signature);
                        })),
                Arguments.of("a delete forgets the object", storage(Mistake.KEPT_OBJECT)),
                Arguments.of("what came before a break is stored", storage(Mistake.HALF_OBJECT)),
                Arguments.of("the last byte is lost", storage(Mistake.LOST_BYTE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void search_mistake_isFound(String mistake, Target broken) {
        Optional<Search.Find> find = new Search(broken, 1).run(ENOUGH, MOST_INPUTS);

        assertThat(find).as(mistake).isPresent();
        assertThat(find.get().thrown()).isInstanceOf(BrokenRule.class);
    }

    private static List<Part> missDelimitersAcrossCuts(InputStream body, String boundary, int pieceBytes)
            throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        List<Integer> cuts = new ArrayList<>();
        byte[] buffer = new byte[1 << 16];
        for (int length = body.read(buffer, 0, buffer.length);
                length > 0;
                length = body.read(buffer, 0, buffer.length)) {
            read.write(buffer, 0, length);
            cuts.add(read.size());
        }
        byte[] bytes = read.toByteArray();
        byte[] delimiter = Bytes.latin1("\r\n--" + boundary);
        for (int cut : cuts) {
            for (int at = Math.max(0, cut - delimiter.length + 1); at < cut && cut < bytes.length; at++) {
                if (at + delimiter.length <= bytes.length
                        && Arrays.equals(bytes, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
                    bytes[at + 2] = 'x';
                }
            }
        }
        return Parsing.parts(new ByteArrayInputStream(bytes), boundary, pieceBytes);
    }

    private static List<Part> dropLastBytes(InputStream body, String boundary, int pieceBytes) throws IOException {
        return Parsing.parts(body, boundary, pieceBytes).stream()
                .map(part -> new Part(
                        part.name(),
                        part.fileName(),
                        part.contentType(),
                        part.contentDigest(),
                        part.reprDigest(),
                        Arrays.copyOf(part.content(), Math.max(0, part.content().length - 1))))
                .toList();
    }

    private static ByteRange rangeOfAByteTooMuch(String field, long size) {
        ByteRange range = Parsing.range(field, size);
        return range == null || range.last() == size - 1 ? range : new ByteRange(range.offset(), range.length() + 1);
    }

    private static Optional<Caller> unsigned(String field) {
        String[] parts = field.split("[ .]", -1);
        if (parts.length != 4 || !parts[3].isEmpty()) {
            return Optional.empty();
        }
        try {
            String header = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            return header.contains("\"none\"") ? Optional.of(Caller.user("a")) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static MimePolicy.Verdict byName(String name, String declared, byte[] head) {
        return name.endsWith(".png")
                ? new MimePolicy.Accepted("image/png", Category.IMAGE, AllowedTypes.DEFAULT_MAX_BYTES)
                : AllowedTypes.standard().judge(name, declared, head);
    }

    private enum Mistake {
        KEPT_OBJECT,
        HALF_OBJECT,
        LOST_BYTE
    }

    private static Target storage(Mistake mistake) {
        return new RequestsTarget(() -> storage(new MemoryStorage(), mistake));
    }

    private static StorageBackend storage(MemoryStorage memory, Mistake mistake) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (self, method, arguments) -> {
                    if (mistake == Mistake.KEPT_OBJECT && method.getName().equals("delete")) {
                        return null;
                    }
                    if (mistake != Mistake.KEPT_OBJECT && method.getName().equals("put")) {
                        return put(memory, mistake, (String) arguments[0], (ObjectHeaders) arguments[1], (InputStream)
                                arguments[2]);
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static String put(
            MemoryStorage memory, Mistake mistake, String key, ObjectHeaders headers, InputStream source)
            throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            source.transferTo(read);
        } catch (IOException e) {
            if (mistake == Mistake.HALF_OBJECT) {
                memory.put(key, headers, new ByteArrayInputStream(read.toByteArray()), -1);
            }
            throw e;
        }
        int length = mistake == Mistake.LOST_BYTE ? read.size() - 1 : read.size();
        return memory.put(key, headers, new ByteArrayInputStream(read.toByteArray(), 0, length), -1);
    }
}

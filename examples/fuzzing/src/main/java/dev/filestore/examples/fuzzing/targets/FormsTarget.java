package dev.filestore.examples.fuzzing.targets;

import dev.filestore.examples.fuzzing.BrokenRule;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Target;
import dev.filestore.examples.fuzzing.forms.CutStream;
import dev.filestore.examples.fuzzing.forms.FormGrammar;
import dev.filestore.examples.fuzzing.forms.Part;
import dev.filestore.examples.fuzzing.forms.ReferenceDigests;
import dev.filestore.examples.fuzzing.forms.ReferenceForm;
import dev.filestore.servlet.Parsing;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Forms of multipart/form-data. An input is a byte that says how the body is cut on its way, a line with the Content-Type,
 * and the body. Whatever the cuts, the parts must be those that {@link ReferenceForm} finds, byte for byte, or the form be
 * refused by both; and no refusal may be of another kind than the contract has.
 */
public final class FormsTarget implements Target {

    private static final List<String> REFUSALS = List.of("invalid_request", "no_file_provided");

    private final Parser parser;

    /** Reads the parts of a form. */
    @FunctionalInterface
    public interface Parser {

        List<Part> parts(InputStream body, String boundary, int pieceBytes) throws IOException;
    }

    public FormsTarget() {
        this(Parsing::parts);
    }

    public FormsTarget(Parser parser) {
        this.parser = parser;
    }

    /** Either what was read, or the code of the refusal. */
    private record Answer<T>(
            @Nullable T value,
            @Nullable String refusal,
            @Nullable String message) {}

    @FunctionalInterface
    private interface Reading<T> {

        T read() throws IOException;
    }

    @Override
    public String name() {
        return "forms";
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int line = 1;
        while (line < input.length && input[line] != '\n') {
            line++;
        }
        String contentType = Bytes.latin1(Arrays.copyOfRange(input, 1, line));
        byte[] body = Arrays.copyOfRange(input, Math.min(line + 1, input.length), input.length);
        String type = contentType.split(";", 2)[0];
        BrokenRule.unless(
                !Parsing.isFormData(contentType) || isBlankAround(type, "multipart/form-data"),
                "a Content-Type is taken for what it is not");
        Answer<String> boundary = answer(() -> Parsing.boundary(contentType));
        if (boundary.value() == null) {
            BrokenRule.unless(
                    !ReferenceForm.isPlainType(contentType) || isNoBoundary(contentType),
                    "the boundary of %s is not found",
                    contentType);
            return;
        }
        BrokenRule.unless(
                boundary.value().matches("[0-9A-Za-z'()+_,./:=? -]{1,70}")
                        && !boundary.value().endsWith(" ")
                        && contentType.contains(boundary.value()),
                "a boundary has another form than RFC 2046 says");
        parts(body, boundary.value(), input[0] & 0xff);
        upload(body, boundary.value(), input[0] & 0xff);
    }

    /** With nothing around it but the six characters that are white space in ASCII. */
    private static boolean isBlankAround(String text, String word) {
        int start = 0;
        int end = text.length();
        while (start < end && " \t\n\u000b\f\r".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && " \t\n\u000b\f\r".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end).equalsIgnoreCase(word);
    }

    /** Whether what a plain Content-Type names is no boundary: too long, or with characters that none has. */
    private static boolean isNoBoundary(String contentType) {
        String named = contentType.substring(contentType.indexOf('=') + 1).replace("\"", "");
        return !named.matches("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");
    }

    private void parts(byte[] body, String boundary, int cuts) {
        Answer<List<Part>> whole = answer(() -> parser.parts(new CutStream(body, 0), boundary, 8192));
        for (int cut : new int[] {1, cuts}) {
            Answer<List<Part>> again = answer(() -> parser.parts(new CutStream(body, cut), boundary, 1 + cuts * 5));
            BrokenRule.unless(
                    whole.equals(again), "pieces of %d change the answer: %s, in one piece %s", cut, again, whole);
        }
        Optional<ReferenceForm.Form> expected = ReferenceForm.form(body, boundary);
        boolean mayRefuse = expected.isEmpty() || !expected.get().plain();
        BrokenRule.unless(
                whole.value() == null ? mayRefuse : expected.isPresent() && isSame(whole.value(), expected.get()),
                "the parts are %s (%s), and by the rules %s",
                whole.value(),
                whole.message(),
                expected);
    }

    private static boolean isSame(List<Part> parts, ReferenceForm.Form expected) {
        return expected.sure()
                ? parts.equals(expected.parts())
                : contents(parts).equals(contents(expected.parts()));
    }

    private static List<String> contents(List<Part> parts) {
        return parts.stream().map(part -> Bytes.latin1(part.content())).toList();
    }

    private static void upload(byte[] body, String boundary, int cuts) {
        Answer<Parsing.Upload> upload = answer(() -> Parsing.upload(new CutStream(body, cuts), boundary, null));
        if (ReferenceForm.form(body, boundary).filter(form -> !form.sure()).isPresent()) {
            return;
        }
        Optional<ReferenceForm.Upload> wanted = ReferenceForm.upload(body, boundary, null);
        Optional<Part> expected = wanted.map(ReferenceForm.Upload::file)
                .filter(file -> ReferenceDigests.hold(file.contentDigest(), file.reprDigest(), file.content()));
        Parsing.Upload found = upload.value();
        BrokenRule.unless(
                found == null ? expected.isEmpty() || !wanted.orElseThrow().plain() : expected.isPresent(),
                "the upload is %s, and by the rules %s",
                found == null ? upload.message() : found,
                expected);
        if (found != null) {
            Part file = expected.orElseThrow();
            BrokenRule.unless(
                    Arrays.equals(found.content(), file.content())
                            && found.fileName().equals(file.fileName())
                            && Objects.equals(found.declaredType(), file.contentType())
                            && Objects.equals(
                                    found.ttlHours(), wanted.orElseThrow().ttlHours()),
                    "the upload is another than by the rules");
        }
    }

    private static <T> Answer<T> answer(Reading<T> reading) {
        try {
            return new Answer<>(reading.read(), null, null);
        } catch (IOException | RuntimeException e) {
            String refusal = Parsing.refusal(e);
            if (refusal == null || !REFUSALS.contains(refusal)) {
                throw new BrokenRule("a refusal of no kind", e);
            }
            return new Answer<>(null, refusal, e.getMessage());
        }
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        FormGrammar grammar = new FormGrammar(random);
        String boundary = grammar.boundary();
        return new Bytes()
                .add(new byte[] {(byte) random.nextInt(random.nextBoolean() ? 256 : 8)})
                .add(grammar.contentType(boundary))
                .add("\n")
                .add(grammar.body(boundary))
                .toArray();
    }

    @Override
    public List<byte[]> seeds() {
        String head = "\7multipart/form-data; boundary=boundary\n";
        List<byte[]> seeds = new ArrayList<>();
        for (List<String> lines : List.of(
                List.of(
                        "--boundary",
                        "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"",
                        "Content-Type: image/png",
                        "",
                        "bytes",
                        "--boundary--"),
                List.of(
                        "--boundary",
                        "Content-Disposition: form-data; name=\"expires_in_hours\"",
                        "",
                        "24",
                        "--boundary",
                        "Content-Disposition: form-data; name=file; filename=a",
                        "",
                        "",
                        "--boundary--"),
                List.of(
                        "--boundary",
                        "Content-Disposition: form-data;",
                        "\tname=file; filename*=UTF-8''%EB%AC%B8",
                        "",
                        "",
                        "--boundar\r",
                        "--boundary",
                        "",
                        "--boundary--"),
                List.of(""))) {
            seeds.add(Bytes.of(head + String.join("\r\n", lines)));
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return FormGrammar.WORDS;
    }
}

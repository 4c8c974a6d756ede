package dev.filestore.examples.fuzzing.targets;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;
import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.filestore.Caller;
import dev.filestore.Naming;
import dev.filestore.examples.fuzzing.BrokenRule;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files and users. An input is a letter for the encoding, and the name and the user with a line break between.
 * A cleaned name holds nothing that it must not and stays as it is when cleaned again; the header made of it gives it
 * back; and a key tells the user, by a way back that this class goes on its own.
 */
public final class NamesTarget implements Target {

    private static final Instant THEN = Instant.parse("2026-02-26T14:30:22Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_NAME = 255;
    private static final Pattern DISPOSITION = Pattern.compile(
            "attachment; filename=\"([ !#-\\[\\]-~]*)\"(?:; filename\\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})++))?");
    private static final Pattern KEY = Pattern.compile("uploads/([^/]+)/20260226_143022_((?:[0-9a-f]{16}_)?)([^/]*)");

    private final UnaryOperator<String> clean;

    public NamesTarget() {
        this(Naming::clean);
    }

    public NamesTarget(UnaryOperator<String> clean) {
        this.clean = clean;
    }

    @Override
    public String name() {
        return "names";
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        String text = switch (input[0]) {
            case 'w' -> new String(rest, StandardCharsets.UTF_16BE);
            case 'l' -> Bytes.latin1(rest);
            default -> new String(rest, StandardCharsets.UTF_8);
        };
        int line = text.indexOf('\n');
        String name = line < 0 ? text : text.substring(0, line);
        String cleaned = clean.apply(name);
        cleaned(cleaned);
        unless(clean.apply(cleaned).equals(cleaned), "a name is another when it is cleaned again");
        disposition(cleaned);
        json(cleaned);
        cut(cleaned, 1 + rest.length % 300);
        owner(line < 0 ? "somebody" : text.substring(line + 1), cleaned);
    }

    private static void cleaned(String name) {
        unless(!name.isEmpty() && name.length() <= LONGEST_NAME, "a name has %d characters", name.length());
        unless(!name.equals(".") && !name.equals(".."), "a name is a way up");
        unless(name.codePoints().noneMatch(NamesTarget::isForbidden), "a name holds what it must not: %s", name);
        unless(Normalizer.isNormalized(name, Normalizer.Form.NFC), "a name is not in NFC: %s", name);
        char last = name.charAt(name.length() - 1);
        unless(last != '.' && !isSpace(last) && !isSpace(name.charAt(0)), "a name begins or ends badly: '%s'", name);
    }

    private static boolean isForbidden(int c) {
        int type = Character.getType(c);
        return c == '/'
                || c == '\\'
                || Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static void disposition(String name) {
        String field = Naming.contentDisposition(name);
        Matcher read = DISPOSITION.matcher(field);
        unless(read.matches(), "the header cannot be understood: %s", field);
        String extended = read.group(2);
        unless(
                name.equals(extended == null ? read.group(1) : decoded(extended)),
                "the header %s gives another name",
                field);
    }

    private static String decoded(String percentEncoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < percentEncoded.length(); i++) {
            if (percentEncoded.charAt(i) == '%') {
                bytes.write(Integer.parseInt(percentEncoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(percentEncoded.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void json(String name) {
        try {
            unless(name.equals(JSON.readValue(Naming.json(name), String.class)), "the JSON gives another name");
        } catch (IOException e) {
            throw new BrokenRule("no JSON of a name", e);
        }
    }

    private static void cut(String name, int maxBytes) {
        String cut = Naming.cutToUtf8(name, maxBytes);
        unless(
                name.startsWith(cut)
                        && cut.getBytes(StandardCharsets.UTF_8).length <= maxBytes
                        && StandardCharsets.UTF_8.newEncoder().canEncode(cut),
                "a name is cut badly");
    }

    private static void owner(String owner, String name) {
        try {
            Caller.user(owner);
        } catch (IllegalArgumentException e) {
            return;
        }
        for (int attempt = 0; attempt < 2; attempt++) {
            String key = Naming.key(owner, name, THEN, attempt);
            unless(Naming.isValidKey(key), "no storage can keep the key %s", key);
            unless(key.getBytes(StandardCharsets.UTF_8).length <= 1024, "a key has more than 1,024 bytes");
            unless(
                    key.codePoints().noneMatch(c -> isForbidden(c) && c != '/') && !key.contains("//"),
                    "a key holds what it must not: %s",
                    key);
            Matcher parts = KEY.matcher(key);
            unless(parts.matches(), "the key %s has another form", key);
            // A name may begin as a token does.
            unless(attempt == 0 || !parts.group(2).isEmpty(), "the key %s has no token of its attempt", key);
            isOf(parts.group(1), owner);
            unless(
                    parts.group(3).codePoints().noneMatch(c -> "?#%&+:;*\"<>|'`$ ".indexOf(c) >= 0),
                    "the key %s trips an URL up",
                    key);
            unless(
                    Naming.extension(name).codePoints().anyMatch(c -> c > 0x7f)
                            || parts.group(3).endsWith(Naming.extension(name)),
                    "the key %s has lost the extension of %s",
                    key,
                    name);
        }
    }

    /** That the user can be told from the segment: no two share one then. */
    private static void isOf(String segment, String owner) {
        unless(segment.matches("[A-Za-z0-9_@=-][A-Za-z0-9_@=.-]*"), "the user's part of the key is %s", segment);
        if (segment.startsWith("=h")) {
            unless(segment.substring(2).equals(sha256(owner)), "the user's part is no digest of the user");
        } else {
            unless(owner.equals(decoded(segment.replace('=', '%'))), "the user's part %s is of another user", segment);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int pieces = 1 + random.nextInt(8); pieces > 0; pieces--) {
            text.append(
                    switch (random.nextInt(6)) {
                        case 0 -> Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1));
                        case 1 -> Character.toString(random.nextInt(0x3000)).repeat(random.nextInt(300));
                        case 2 -> "a";
                        default -> oneOf(random, words());
                    });
        }
        text.append(oneOf(random, List.of("", ".pdf", ".PNG", ".문서"))).append('\n');
        text.append(oneOf(
                random,
                List.of("a", "a/b", "../x", "=h", ".", "사용자", "A=2F", "u".repeat(250), "\ud83d\ude00".repeat(60))));
        return random.nextBoolean()
                ? new Bytes().add("8").add(text.toString()).toArray()
                : new Bytes()
                        .add("w")
                        .add(text.toString().getBytes(StandardCharsets.UTF_16BE))
                        .toArray();
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                Bytes.of("8../../etc/passwd\na"),
                Bytes.of("8C:\\Users\\a\\CON.pdf\nauth0|123"),
                Bytes.of("8a\u202egnp.exe\nA"),
                Bytes.of("8" + "\u1112\u1161\u11ab.pdf\n.a"),
                Bytes.of("8" + "a" + "\u0301".repeat(300) + ".pdf\n=h"),
                Bytes.of("8" + "n".repeat(100_000) + ".pdf\n" + "u".repeat(255)),
                new byte[] {'w', (byte) 0xd8, 0x3d, 0, '.', 0, 'a'},
                Bytes.of("8. . .\n a"));
    }

    @Override
    public List<String> words() {
        return List.of(
                "/",
                "\\",
                "..",
                ".",
                ":",
                "C:",
                "\0",
                "\r\n",
                "\"",
                "%00",
                "%2F",
                "\u202e",
                "\u200b",
                "\ufeff",
                "\u2028",
                "\u0301",
                "\u1112\u1161\u11ab",
                "e\u0301",
                "\u00e9",
                "\ud83d\ude00",
                "\ud83d\udc68\u200d\ud83d\udc69",
                "\u00a0",
                "CON",
                "NUL.txt",
                ".htaccess",
                "=",
                "=h",
                "=2F",
                "\ud800",
                "\udc00",
                "\ue000",
                "\ufdd0",
                "\u00ad",
                ".tar.gz",
                ".\u0661");
    }
}

package dev.filestore.examples.fuzzing.targets;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;
import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import dev.filestore.AllowedTypes;
import dev.filestore.MimePolicy;
import dev.filestore.Naming;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Folders;
import dev.filestore.examples.fuzzing.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a file is. An input is a line with its name, a line with its declared type, {@code -} for none, and its first
 * bytes. What is accepted has the type that its name says, and bytes that begin as files of that type must; the answer
 * does not change when the question is asked again, and silence about the type never makes it worse.
 */
public final class TypesTarget implements Target {

    private static final String DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpe", "image/jpeg"),
            Map.entry("jfif", "image/jpeg"),
            Map.entry("png", "image/png"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("m4v", "video/mp4"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("qt", "video/quicktime"),
            Map.entry("avi", "video/x-msvideo"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("doc", "application/msword"),
            Map.entry("docx", DOCX),
            Map.entry("xls", "application/vnd.ms-excel"),
            Map.entry("xlsx", XLSX));

    /** The least that is true of every file of a type, as a character for a byte. */
    private static final Map<String, Predicate<String>> MARKS = Map.ofEntries(
            Map.entry("image/jpeg", head -> head.startsWith("\u00ff\u00d8\u00ff")),
            Map.entry("image/png", head -> head.startsWith("\u0089PNG\r\n\u001a\n")),
            Map.entry("image/gif", head -> head.matches("(?s)GIF8[79]a.*")),
            Map.entry("image/webp", head -> head.matches("(?s)RIFF....WEBPVP8.*")),
            Map.entry("video/x-msvideo", head -> head.matches("(?s)RIFF....AVI LIST.*")),
            Map.entry("video/mp4", head -> head.matches("(?s)....ftyp.*")),
            Map.entry("video/quicktime", head -> head.matches("(?s)....[a-z]{4}.*")),
            Map.entry(
                    "application/pdf",
                    head -> head.matches("(?s)(?:\u00ef\u00bb\u00bf)?[ \t\r\n]{0,1024}%PDF-[0-9]\\..*")),
            Map.entry("application/msword", TypesTarget::isCompound),
            Map.entry("application/vnd.ms-excel", TypesTarget::isCompound),
            Map.entry(DOCX, TypesTarget::isZip),
            Map.entry(XLSX, TypesTarget::isZip));

    private final MimePolicy policy;

    public TypesTarget() {
        this(AllowedTypes.standard());
    }

    public TypesTarget(MimePolicy policy) {
        this.policy = policy;
    }

    private static boolean isCompound(String head) {
        return head.startsWith("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1");
    }

    private static boolean isZip(String head) {
        return head.startsWith("PK\u0003\u0004");
    }

    @Override
    public String name() {
        return "types";
    }

    @Override
    public void run(byte[] input) {
        String[] lines = Bytes.latin1(input).split("\n", 3);
        if (lines.length < 3 || lines[2].isEmpty()) {
            return;
        }
        String name = Naming.clean(new String(Bytes.latin1(lines[0]), StandardCharsets.UTF_8));
        String declared = lines[1].equals("-") ? null : new String(Bytes.latin1(lines[1]), StandardCharsets.UTF_8);
        byte[] bytes = Bytes.latin1(lines[2]);
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, MimePolicy.HEAD_BYTES));
        MimePolicy.Verdict verdict = whole(policy.judge(name, declared, head.clone()), bytes);
        unless(verdict.equals(judge(name, declared, head, bytes)), "the same question has two answers");
        unless(Arrays.equals(head, 0, head.length, bytes, 0, head.length), "the bytes were changed");
        if (verdict instanceof MimePolicy.Refused refused) {
            harmless(refused.message());
        } else if (verdict instanceof MimePolicy.Accepted accepted) {
            accepted(accepted, name, declared, bytes);
        }
    }

    private MimePolicy.Verdict judge(String name, @Nullable String declared, byte[] head, byte[] bytes) {
        return whole(policy.judge(name, declared, head), bytes);
    }

    /** The verdict when the end of the file was looked at too, where that is asked for. */
    public static MimePolicy.Verdict whole(MimePolicy.Verdict verdict, byte[] bytes) {
        if (!(verdict instanceof MimePolicy.AcceptedSoFar soFar)) {
            return verdict;
        }
        byte[] end = Arrays.copyOfRange(bytes, Math.max(0, bytes.length - MimePolicy.END_BYTES), bytes.length);
        Optional<MimePolicy.Refused> refused = soFar.end().judge(end, bytes.length);
        return refused.isPresent() ? refused.get() : soFar.accepted();
    }

    private static void harmless(String message) {
        unless(
                message.length() < 600 && message.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '<' && c != '>'),
                "a message holds more than plain words: %s",
                message);
    }

    private void accepted(MimePolicy.Accepted accepted, String name, @Nullable String declared, byte[] bytes) {
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, MimePolicy.HEAD_BYTES));
        String type = accepted.contentType();
        Predicate<String> mark = MARKS.get(type);
        unless(mark != null && mark.test(Bytes.latin1(head)), "%s is accepted, which the bytes are not", type);
        unless(
                type.startsWith(accepted.category().name() + "/")
                        || (type.startsWith("application/")
                                && accepted.category().name().equals("document")),
                "%s is in the category %s",
                type,
                accepted.category());
        unless(accepted.maxBytes() == AllowedTypes.DEFAULT_MAX_BYTES, "%s has another limit", type);
        String extension = Naming.extension(name);
        if (extension.isEmpty()) {
            unless(declared != null, "bytes alone are accepted");
        } else {
            unless(
                    type.equals(BY_EXTENSION.get(extension.substring(1).toLowerCase(Locale.ROOT))),
                    "%s is accepted under the name %s",
                    type,
                    name);
            unless(accepted.equals(judge(name, null, head, bytes)), "%s is refused where no type is declared", name);
            unless(
                    accepted.equals(judge(name.toUpperCase(Locale.ROOT), declared, head, bytes)),
                    "%s is refused in capital letters",
                    name);
        }
        unless(
                policy.judge("a.html", declared, head) instanceof MimePolicy.Refused
                        && policy.judge("a.svg", null, head) instanceof MimePolicy.Refused,
                "what a browser runs is accepted");
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        String extension = oneOf(
                random, List.copyOf(BY_EXTENSION.keySet().stream().sorted().toList()));
        String name = oneOf(random, List.of("a", "a.b", "문서", "a.html", ""))
                + oneOf(random, List.of(".", ".", ".", ""))
                + extension;
        String declared = oneOf(
                random,
                List.of(
                        "-",
                        "-",
                        String.valueOf(BY_EXTENSION.get(extension)),
                        "application/octet-stream",
                        "image/jpg",
                        "application/zip",
                        "text/html",
                        "image/png; a=b",
                        "IMAGE/PNG"));
        List<byte[]> files = files();
        byte[] bytes = oneOf(random, files);
        if (random.nextInt(3) == 0) {
            byte[] other = oneOf(random, files);
            int cut = random.nextInt(1 + Math.min(bytes.length, 600));
            bytes = new Bytes().add(Arrays.copyOf(bytes, cut)).add(other).toArray();
        }
        return new Bytes()
                .add(random.nextInt(4) == 0 ? name.toUpperCase(Locale.ROOT) : name)
                .add("\n" + declared + "\n")
                .add(Arrays.copyOf(bytes, Math.min(bytes.length, MimePolicy.HEAD_BYTES)))
                .toArray();
    }

    private static List<byte[]> files() {
        return Loaded.FILES;
    }

    /** Read once. */
    private static final class Loaded {

        private static final List<byte[]> FILES = Folders.corpus().stream()
                .map(Folders::read)
                .map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, MimePolicy.HEAD_BYTES)))
                .toList();
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : Folders.corpus()) {
            byte[] bytes = Folders.read(file);
            seeds.add(new Bytes()
                    .add(file.getFileName() + "\n-\n")
                    .add(Arrays.copyOf(bytes, Math.min(bytes.length, MimePolicy.HEAD_BYTES)))
                    .toArray());
        }
        seeds.add(Bytes.of("a.gif\n-\nGIF89a/*<script>*/=1;alert(1)//"));
        seeds.add(Bytes.of("a.pdf\napplication/pdf\nPK\u0003\u0004%PDF-1.4"));
        seeds.add(Bytes.of("a.pdf\n-\n \r\n%PDF-1.7 junk"));
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                ".jpg",
                ".png",
                ".html",
                ".docm",
                "-",
                "image/png",
                "text/html",
                "application/octet-stream",
                "GIF89a",
                "RIFF",
                "WEBPVP8 ",
                "AVI LIST",
                "hdrl",
                "ftypisom",
                "ftypqt  ",
                "moov",
                "mdat",
                "%PDF-1.7",
                "PK\u0003\u0004",
                "[Content_Types].xml",
                "word/document.xml",
                "xl/workbook.xml",
                "vbaProject.bin",
                "<script>",
                "mimetype",
                "IHDR");
    }
}

package dev.filestore.examples.benchmarks.micro;

import dev.filestore.AllowedTypes;
import dev.filestore.MimePolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.tika.Tika;
import org.apache.tika.io.TikaInputStream;

/**
 * How often are the twelve types told right, beside Tika? Each file of a corpus is asked for under each of the twelve names: is
 * it of that type? What is counted are files with all answers right, answers that accept a file as what it is not, and
 * files that are refused as what they are. The corpus is what {@code filestore-core/src/test/corpus/make.sh} makes. Which Tika
 * answers depends on the class path: with {@code tika-parser-microsoft-module} and its dependencies it looks into
 * containers.
 *
 * <pre>filestore-core/src/test/corpus/make.sh corpus
 * java -cp 'examples/benchmarks/target/fast/benchmarks.jar:tika/*' dev.filestore.examples.benchmarks.micro.TypeAccuracy corpus
 * </pre>
 */
public final class TypeAccuracy {

    private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

    private static final Map<String, String> TYPES = new LinkedHashMap<>();

    /** What Tika calls some forms of the twelve; counted in its favour. */
    private static final Map<String, String> SYNONYMS = Map.of(
            "image/apng", "image/png",
            "application/mp4", "video/mp4",
            "video/x-m4v", "video/mp4",
            "video/3gpp", "video/mp4",
            "video/3gpp2", "video/mp4");

    static {
        TYPES.put("jpg", "image/jpeg");
        TYPES.put("png", "image/png");
        TYPES.put("webp", "image/webp");
        TYPES.put("gif", "image/gif");
        TYPES.put("mp4", "video/mp4");
        TYPES.put("mov", "video/quicktime");
        TYPES.put("avi", "video/x-msvideo");
        TYPES.put("pdf", "application/pdf");
        TYPES.put("doc", "application/msword");
        TYPES.put("docx", OFFICE + "wordprocessingml.document");
        TYPES.put("xls", "application/vnd.ms-excel");
        TYPES.put("xlsx", OFFICE + "spreadsheetml.sheet");
    }

    /** One file: the extension of what it is, or empty where it is none of the twelve. */
    private static final class Sample {

        final Path path;
        final String extension;
        final byte[] whole;

        Sample(Path path, String extension, byte[] whole) {
            this.path = path;
            this.extension = extension;
            this.whole = whole;
        }

        static Sample of(Path path, boolean accepted) {
            String name = Objects.toString(path.getFileName());
            String extension = name.substring(name.lastIndexOf('.') + 1);
            try {
                return new Sample(path, accepted ? extension.replace("m4v", "mp4") : "", Files.readAllBytes(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        byte[] head() {
            return Arrays.copyOf(whole, Math.min(whole.length, MimePolicy.HEAD_BYTES));
        }

        byte[] end() {
            return Arrays.copyOfRange(whole, Math.max(0, whole.length - MimePolicy.END_BYTES), whole.length);
        }
    }

    /** Whether a file is accepted under an extension. */
    @FunctionalInterface
    private interface Detector {

        boolean accepts(Sample sample, String extension);
    }

    private final List<Sample> samples = new ArrayList<>();
    private final PrintStream out;
    private final boolean tellsFiles;

    private TypeAccuracy(Path corpus, boolean tellsFiles, PrintStream out) throws IOException {
        this.tellsFiles = tellsFiles;
        this.out = out;
        for (String folder : List.of("accepted", "refused")) {
            try (Stream<Path> files = Files.list(corpus.resolve(folder))) {
                files.sorted().forEach(file -> samples.add(Sample.of(file, folder.equals("accepted"))));
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        TypeAccuracy question = new TypeAccuracy(Path.of(arguments[0]), arguments.length > 1, out);
        MimePolicy policy = AllowedTypes.standard();
        Tika tika = new Tika();
        out.println(question.samples.size() + " files");
        question.ask("FileStore, first 8 KiB", (sample, extension) -> isAccepted(policy, sample, extension, false));
        question.ask(
                "FileStore, and the last 64 KiB", (sample, extension) -> isAccepted(policy, sample, extension, true));
        question.ask("Tika, first 8 KiB", (sample, extension) -> is(tika(tika, sample.head(), ""), extension));
        question.ask(
                "Tika, first 8 KiB and the name",
                (sample, extension) -> is(tika(tika, sample.head(), "a." + extension), extension));
        question.ask("Tika, whole file", (sample, extension) -> is(tika(tika, sample.whole, ""), extension));
        question.ask(
                "Tika, whole file and the name",
                (sample, extension) -> is(tika(tika, sample.whole, "a." + extension), extension));
    }

    private void ask(String name, Detector detector) {
        int right = 0;
        int wronglyAccepted = 0;
        int wronglyRefused = 0;
        for (Sample sample : samples) {
            List<String> accepted = TYPES.keySet().stream()
                    .filter(extension -> detector.accepts(sample, extension))
                    .toList();
            boolean refused = !sample.extension.isEmpty() && !accepted.contains(sample.extension);
            long others = accepted.stream()
                    .filter(extension -> !extension.equals(sample.extension))
                    .count();
            wronglyRefused += refused ? 1 : 0;
            wronglyAccepted += (int) others;
            right += !refused && others == 0 ? 1 : 0;
            if (tellsFiles && (refused || others > 0)) {
                out.println("  " + sample.path.getFileName() + " passes as " + accepted);
            }
        }
        out.printf(
                "%-32s right %4d, wrongly accepted %4d, wrongly refused %4d, %8.1f us of CPU per answer%n",
                name, right, wronglyAccepted, wronglyRefused, micros(detector));
    }

    /** CPU time, which other programs on the machine change least; each file once a pass, the median of the passes. */
    private double micros(Detector detector) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] passes = new double[15];
        for (int pass = 0; pass < passes.length; pass++) {
            long start = threads.getCurrentThreadCpuTime();
            for (Sample sample : samples) {
                detector.accepts(sample, sample.extension.isEmpty() ? "docx" : sample.extension);
            }
            passes[pass] = (threads.getCurrentThreadCpuTime() - start) / 1000.0 / samples.size();
        }
        Arrays.sort(passes);
        return passes[passes.length / 2];
    }

    private static boolean isAccepted(MimePolicy policy, Sample sample, String extension, boolean end) {
        MimePolicy.Verdict verdict = policy.judge("a." + extension, null, sample.head());
        if (verdict instanceof MimePolicy.AcceptedSoFar soFar) {
            return !end || soFar.end().judge(sample.end(), sample.whole.length).isEmpty();
        }
        return verdict instanceof MimePolicy.Accepted;
    }

    private static String tika(Tika tika, byte[] bytes, String name) {
        try (InputStream in = TikaInputStream.get(new ByteArrayInputStream(bytes))) {
            return name.isEmpty() ? tika.detect(in) : tika.detect(in, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean is(String type, String extension) {
        return SYNONYMS.getOrDefault(type, type).equals(TYPES.get(extension));
    }
}

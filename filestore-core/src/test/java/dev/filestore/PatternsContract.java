package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No regular expression of a module takes more steps than a multiple of the text's length, whatever the text: steps are
 * counted, and no time is taken. A test of a module extends this class.
 *
 * <p>CVE-2022-30122, CVE-2022-44571, CVE-2022-44572 (Rack), CVE-2024-24762 (python-multipart), CVE-2026-28356 (multipart): an expression for a
 * header field took exponential or quadratic time.
 */
public abstract class PatternsContract {

    private static final int LENGTH = 2_000;
    private static final int STEPS_PER_CHARACTER = 20;

    /** Starts that lead into the middle of expressions. */
    private static final List<String> STARTS =
            List.of("", "bytes=", "bytes=0-", "bearer ", "bearer a", "text/", "a:", "a=", "x", "1", "\"");

    private static final String ALPHABET = "aZ09 \t;=\"'\\/-_.,:%+*\n\u00e9";

    /** A class of the module. */
    protected abstract Class<?> memberOfModule();

    /** A text that counts how often it is looked at, and gives up where that is too often. */
    private static final class Counted implements CharSequence {

        private final String text;
        private final int most;
        private int steps;

        Counted(String text) {
            this.text = text;
            this.most = STEPS_PER_CHARACTER * text.length() + 200;
        }

        @Override
        public char charAt(int index) {
            if (++steps > most) {
                throw new TooMany();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooMany extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private static List<String> attacks() {
        List<String> attacks = new ArrayList<>();
        for (String start : STARTS) {
            for (int first = 0; first < ALPHABET.length(); first++) {
                for (int second = 0; second < ALPHABET.length(); second++) {
                    String pump = first == second
                            ? ALPHABET.substring(first, first + 1)
                            : "" + ALPHABET.charAt(first) + ALPHABET.charAt(second);
                    attacks.add(start + pump.repeat(LENGTH / pump.length()));
                    attacks.add(start + pump.repeat(LENGTH / pump.length()) + "\0");
                }
            }
        }
        return attacks;
    }

    /** The start of a text that takes an expression too many steps, or null. */
    private static String worst(Pattern pattern) {
        return attacks().stream()
                .filter(attack -> isTooMuchFor(pattern, attack))
                .findFirst()
                .map(attack -> attack.substring(0, 40))
                .orElse(null);
    }

    private static boolean isTooMuchFor(Pattern pattern, String attack) {
        try {
            boolean whole = pattern.matcher(new Counted(attack)).matches();
            boolean start = pattern.matcher(new Counted(attack)).lookingAt();
            assertThat(start || !whole).isTrue();
            return false;
        } catch (TooMany e) {
            return true;
        }
    }

    @Test
    void pattern_ofThisModule_takesStepsInProportion() throws Exception {
        List<Field> patterns = patterns();
        assertThat(patterns).isNotEmpty();
        for (Field field : patterns) {
            field.setAccessible(true);
            assertThat(worst((Pattern) field.get(null))).as(field.toString()).isNull();
        }
    }

    @Test
    void pattern_thatBacktracks_isFound() {
        assertThat(worst(Pattern.compile("(?:a+)+b"))).isNotNull();
        assertThat(worst(Pattern.compile(".*\\s*=\\s*.*;"))).isNotNull();
    }

    private List<Field> patterns() throws IOException, URISyntaxException, ClassNotFoundException {
        Path place = Path.of(memberOfModule()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(place)) {
            return patterns(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
            return patterns(jar.getPath("/"));
        }
    }

    private List<Field> patterns(Path root) throws IOException, ClassNotFoundException {
        List<Field> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .filter(path -> !path.endsWith("package-info.class"))
                    .toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
                Class<?> type = Class.forName(name, false, memberOfModule().getClassLoader());
                for (Field field : type.getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers()) && field.getType() == Pattern.class) {
                        found.add(field);
                    }
                }
            }
        }
        return found;
    }
}

package dev.filestore.examples.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a program: its environment, and what a {@code .env} file adds to it. A variable of the environment
 * wins over the file, and one that is set to nothing is not set. Immutable.
 */
public final class Settings {

    private static final Pattern ASSIGNMENT = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern DOUBLE_QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:#.*)?");
    private static final Pattern SINGLE_QUOTED = Pattern.compile("'([^']*)'\\s*(?:#.*)?");

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads the settings.
     *
     * @param envFile a file of lines {@code NAME=value}; blank lines, comments behind {@code #}, a leading
     *     {@code export} and quotes are understood, references to other variables are not. May be absent
     * @param environment the variables that win over the file
     * @return the settings
     * @throws SettingException if a line of the file is no assignment, or the file cannot be read
     */
    public static Settings load(Path envFile, Map<String, String> environment) {
        Map<String, String> values = new HashMap<>();
        if (Files.isRegularFile(envFile)) {
            try {
                read(envFile, Files.readAllLines(envFile), values);
            } catch (IOException e) {
                throw new SettingException("cannot read " + envFile + ": " + e, e);
            }
        }
        environment.forEach((name, value) -> {
            if (!value.isBlank()) {
                values.put(name, value);
            }
        });
        values.values().removeIf(String::isBlank);
        return new Settings(values);
    }

    private static void read(Path file, List<String> lines, Map<String, String> into) {
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (!assignment.matches()) {
                // The line itself may hold a secret.
                throw new SettingException(file + ", line " + number + ": expected NAME=value");
            }
            into.put(assignment.group(1), value(file, number, assignment.group(2)));
        }
    }

    private static String value(Path file, int number, String text) {
        char first = text.isEmpty() ? '\0' : text.charAt(0);
        if (first == '"') {
            Matcher quoted = matchOrFail(DOUBLE_QUOTED, text, file, number);
            return unescape(quoted.group(1));
        }
        if (first == '\'') {
            return matchOrFail(SINGLE_QUOTED, text, file, number).group(1);
        }
        return text.replaceFirst("(^|\\s)#.*", "").strip();
    }

    private static Matcher matchOrFail(Pattern pattern, String text, Path file, int number) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new SettingException(file + ", line " + number + ": the quote is not closed at the end of the value");
        }
        return matcher;
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                c = text.charAt(++i);
                c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
            }
            plain.append(c);
        }
        return plain.toString();
    }

    /**
     * A setting.
     *
     * @param name its name
     * @return its value, or empty where it is not set
     */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * A whole number.
     *
     * @param name its name
     * @param min the least it may be
     * @param max the most it may be
     * @param otherwise what holds where it is not set
     * @return its value
     * @throws SettingException if it is no such number
     */
    public long number(String name, long min, long max, long otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as any other number that will not do.
        }
        throw new SettingException(name + " must be a whole number from " + min + " to " + max + ", found " + text);
    }

    /**
     * The folder for what the program itself keeps on disk.
     *
     * @return {@code DATA_DIR}, {@code data} if not set, absolute
     */
    public Path dataDir() {
        return Path.of(values.getOrDefault("DATA_DIR", "data")).toAbsolutePath().normalize();
    }

    /**
     * All of them.
     *
     * @return an immutable map
     */
    public Map<String, String> asMap() {
        return values;
    }

    /** Returns the names alone: values may be secret. */
    @Override
    public String toString() {
        return "Settings" + values.keySet();
    }
}

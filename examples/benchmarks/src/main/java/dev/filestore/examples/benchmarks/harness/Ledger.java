package dev.filestore.examples.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The findings of all questions, in a file of lines: one that is asked again replaces what it found before. Behind the
 * question stand group, what, whether the goal is a least, the goal, min, median, max, and what each side cost.
 */
public final class Ledger {

    private static final int FIRST_SIDE = 8;

    private final Path file;
    private final Map<String, List<Finding>> findings = new LinkedHashMap<>();

    /** Reads what is there; the questions are in the order in which they are given. */
    public Ledger(Path file, List<String> questions) throws IOException {
        this.file = file;
        questions.forEach(question -> findings.put(question, new ArrayList<>()));
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] cells = line.split("\t", -1);
                List<Finding> found = findings.get(cells[0]);
                if (found != null) {
                    found.add(parse(cells));
                }
            }
        }
    }

    private static Finding parse(String[] cells) {
        return new Finding(
                cells[1],
                cells[2],
                new Goal(Boolean.parseBoolean(cells[3]), Double.parseDouble(cells[4])),
                new Spread(Double.parseDouble(cells[5]), Double.parseDouble(cells[6]), Double.parseDouble(cells[7])),
                Arrays.asList(cells).subList(FIRST_SIDE, cells.length));
    }

    /** Takes what a question found, and writes all of it. */
    public void replace(String question, List<Finding> found) throws IOException {
        findings.put(question, found);
        List<String> lines = new ArrayList<>();
        findings.forEach((name, all) -> all.forEach(finding -> lines.add(line(name, finding))));
        Files.write(file, lines);
    }

    private static String line(String question, Finding finding) {
        List<String> cells = new ArrayList<>(List.of(
                question,
                finding.group(),
                finding.what(),
                Boolean.toString(finding.goal().atLeast()),
                Double.toString(finding.goal().value()),
                Double.toString(finding.value().min()),
                Double.toString(finding.value().median()),
                Double.toString(finding.value().max())));
        finding.sides().forEach(side -> cells.add(side.replaceAll("\\s+", " ")));
        return String.join("\t", cells);
    }

    /** All that was found. */
    public List<Finding> all() {
        return findings.values().stream().flatMap(List::stream).toList();
    }
}

package dev.filestore.examples.benchmarks.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The page {@code benchmarks.md}, and the chart in it. */
public final class Document {

    private Document() {}

    /** Writes both into a folder. */
    public static void write(Path folder, List<Finding> findings) throws IOException {
        Files.writeString(folder.resolve("benchmarks.svg"), Chart.of(findings));
        Files.writeString(folder.resolve("benchmarks.md"), page(findings));
    }

    private static String page(List<Finding> findings) throws IOException {
        long goals =
                findings.stream().filter(finding -> finding.goal().exists()).count();
        List<Finding> missed =
                findings.stream().filter(finding -> !finding.isMet()).toList();
        StringBuilder page = new StringBuilder(text("before.md"))
                .append("\n## The machine\n")
                .append(machine())
                .append("\n\n## Goals\n")
                .append(goals - missed.size())
                .append(" of ")
                .append(goals)
                .append(" goals are met.");
        if (!missed.isEmpty()) {
            page.append(" Missed:\n\n");
            missed.forEach(finding -> page.append("- ")
                    .append(finding.group())
                    .append(": ")
                    .append(finding.what())
                    .append(": **")
                    .append(Spread.shown(finding.value().median()))
                    .append("**, goal ")
                    .append(finding.goal())
                    .append('\n'));
        }
        page.append("\n![Each figure beside its goal](benchmarks.svg)\n\n").append(text("after.md"));
        Map<String, List<Finding>> groups = findings.stream()
                .collect(Collectors.groupingBy(Finding::group, LinkedHashMap::new, Collectors.toList()));
        groups.forEach((name, group) -> page.append(group(name, group)));
        return page.toString();
    }

    private static String group(String name, List<Finding> findings) {
        StringBuilder text = new StringBuilder(
                "\n## " + name + "\n| what | figure | min to max | goal | |\n|---|--:|--:|--:|---|\n");
        findings.forEach(finding -> text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s to %s | %s | %s |%n",
                finding.what(),
                Spread.shown(finding.value().median()),
                Spread.shown(finding.value().min()),
                Spread.shown(finding.value().max()),
                finding.goal(),
                !finding.goal().exists() ? "" : finding.isMet() ? "met" : "**missed**")));
        for (Finding finding : findings) {
            if (!finding.sides().isEmpty()) {
                text.append("\n").append(finding.what()).append(":\n\n");
                finding.sides().forEach(side -> text.append("- ").append(side).append('\n'));
            }
        }
        return text.toString();
    }

    private static String machine() {
        return String.format(
                Locale.ROOT,
                "%d cores, %s, Java %s. Clients, storage, database and the measured process share them: what counts are"
                        + " ratios, and no figure is that of a server of its own.",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("java.version"));
    }

    private static String text(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Document.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

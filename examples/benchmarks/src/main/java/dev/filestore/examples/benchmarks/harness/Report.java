package dev.filestore.examples.benchmarks.harness;

import java.io.PrintStream;
import java.util.Locale;

/** Prints each finding beside its goal, as it comes. */
public final class Report {

    private final PrintStream out;
    private String group = "";

    public Report(PrintStream out) {
        this.out = out;
    }

    public void print(Finding finding) {
        if (!finding.group().equals(group)) {
            group = finding.group();
            out.println();
            out.println(group);
        }
        Spread value = finding.value();
        out.printf(
                Locale.ROOT,
                "  %8s  (%s to %s)  goal %-8s %-6s  %s%n",
                Spread.shown(value.median()),
                Spread.shown(value.min()),
                Spread.shown(value.max()),
                finding.goal(),
                finding.goal().exists() ? finding.isMet() ? "met" : "MISSED" : "",
                finding.what());
        finding.sides().forEach(side -> out.println("              " + side));
        out.flush();
    }
}

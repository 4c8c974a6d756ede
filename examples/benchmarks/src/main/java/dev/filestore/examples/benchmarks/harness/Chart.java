package dev.filestore.examples.benchmarks.harness;

import java.util.List;
import java.util.Locale;

/**
 * A picture of all figures that have a goal: each lies to the right of the line where it is better than its goal, by as
 * many times as the scale says. Readable on light and on dark pages.
 */
final class Chart {

    private static final int WIDTH = 1_000;
    private static final int LEFT = 560;
    private static final int RIGHT = 930;
    private static final int ROW = 18;
    private static final int TOP = 56;

    /** The ends of the scale; what is beyond is drawn at the end. */
    private static final double TIMES = 8;

    private static final String STYLE = """
            <style>
              text { font: 12px system-ui, sans-serif; fill: #1f2328; }
              .quiet { fill: #59636e; } .title { font-weight: 600; font-size: 14px; }
              .grid { stroke: #d1d9e0; } .goal { stroke: #1f2328; stroke-width: 1.5; }
              .met { stroke: #0969da; fill: #0969da; } .missed { stroke: #bc4c00; fill: none; stroke-width: 2; }
              line.missed, line.met { stroke-width: 2; }
              @media (prefers-color-scheme: dark) {
                text { fill: #f0f6fc; } .quiet { fill: #9198a1; } .grid { stroke: #3d444d; } .goal { stroke: #f0f6fc; }
                .met { stroke: #58a6ff; fill: #58a6ff; } .missed { stroke: #f0883e; }
              }
            </style>
            """;

    private Chart() {}

    static String of(List<Finding> findings) {
        List<Finding> drawn = findings.stream()
                .filter(finding -> finding.goal().exists()
                        && finding.goal().value() > 0
                        && finding.value().min() > 0)
                .toList();
        int height = TOP + (drawn.size() + 1) * ROW;
        StringBuilder chart = new StringBuilder()
                .append(String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                                + " aria-label=\"Each figure beside its goal\">%n",
                        WIDTH,
                        height))
                .append(STYLE)
                .append(
                        "<text class=\"title\" x=\"8\" y=\"20\">How many times better than its goal each figure is</text>\n")
                .append(
                        "<text class=\"quiet\" x=\"8\" y=\"38\">Dot: median of the rounds; bar: from the worst to the best."
                                + " Filled: the goal is met; open: it is missed.</text>\n");
        for (double times = 1 / TIMES; times <= TIMES; times *= 2) {
            chart.append(String.format(
                    Locale.ROOT,
                    "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                    times == 1 ? "goal" : "grid",
                    x(times),
                    x(times),
                    TOP - 8,
                    height - 8));
            chart.append(String.format(
                    Locale.ROOT,
                    "<text class=\"quiet\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    x(times),
                    TOP - 12,
                    times == 1 ? "goal" : times < 1 ? "1/" + Math.round(1 / times) : Math.round(times) + "x"));
        }
        for (int i = 0; i < drawn.size(); i++) {
            chart.append(row(drawn.get(i), TOP + i * ROW + ROW / 2));
        }
        return chart.append("</svg>\n").toString();
    }

    private static String row(Finding finding, int y) {
        Spread value = finding.value();
        String style = finding.isMet() ? "met" : "missed";
        String label = finding.group() + ": " + finding.what();
        return String.format(
                Locale.ROOT,
                "<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s<title>%s</title></text>"
                        + "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                        + "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/><text x=\"%d\" y=\"%d\">%s</text>%n",
                LEFT - 12,
                y + 4,
                escaped(shortened(label)),
                escaped(label),
                style,
                x(better(finding.goal(), value.min())),
                x(better(finding.goal(), value.max())),
                y,
                y,
                style,
                x(better(finding.goal(), value.median())),
                y,
                RIGHT + 14,
                y + 4,
                Spread.shown(value.median()));
    }

    private static double better(Goal goal, double value) {
        return goal.atLeast() ? value / goal.value() : goal.value() / value;
    }

    private static double x(double times) {
        double bounded = Math.max(1 / TIMES, Math.min(TIMES, times));
        return LEFT + (RIGHT - LEFT) * (Math.log(bounded) / Math.log(TIMES) + 1) / 2;
    }

    private static String shortened(String label) {
        return label.length() <= 92 ? label : label.substring(0, 44) + " ... " + label.substring(label.length() - 44);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}

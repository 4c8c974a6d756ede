/** Processes, load, figures, ratios, and the reports of them. */
@NullMarked
package dev.filestore.examples.benchmarks.harness;

import org.jspecify.annotations.NullMarked;

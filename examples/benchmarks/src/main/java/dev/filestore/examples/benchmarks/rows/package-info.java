/** One class for each question. */
@NullMarked
package dev.filestore.examples.benchmarks.rows;

import org.jspecify.annotations.NullMarked;

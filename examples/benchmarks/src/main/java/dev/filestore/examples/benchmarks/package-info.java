/** Measures what a store costs beside what the same work costs without it. */
@NullMarked
package dev.filestore.examples.benchmarks;

import org.jspecify.annotations.NullMarked;

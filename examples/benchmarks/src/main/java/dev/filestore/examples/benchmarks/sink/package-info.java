/** A server that speaks enough of S3 to be written to and read from, and costs next to nothing. */
@NullMarked
package dev.filestore.examples.benchmarks.sink;

import org.jspecify.annotations.NullMarked;

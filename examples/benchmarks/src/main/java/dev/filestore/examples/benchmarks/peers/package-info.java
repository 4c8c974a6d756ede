/** Other libraries, each as its documentation says it is used. */
@NullMarked
package dev.filestore.examples.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

/** What is measured: the store and its rivals, in a process of its own. */
@NullMarked
package dev.filestore.examples.benchmarks.subject;

import org.jspecify.annotations.NullMarked;

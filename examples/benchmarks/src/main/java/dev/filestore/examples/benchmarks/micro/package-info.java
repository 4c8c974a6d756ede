/** The small things, by JMH. */
@NullMarked
package dev.filestore.examples.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

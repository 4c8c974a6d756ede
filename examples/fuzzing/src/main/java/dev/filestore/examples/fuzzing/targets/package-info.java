/** What is fuzzed: each target reads bytes as the code does, and compares to a second opinion. */
@NullMarked
package dev.filestore.examples.fuzzing.targets;

import org.jspecify.annotations.NullMarked;

/** Fuzzing of everything that reads what a user sends, each target with a rule that says what is wrong. */
@NullMarked
package dev.filestore.examples.fuzzing;

import org.jspecify.annotations.NullMarked;

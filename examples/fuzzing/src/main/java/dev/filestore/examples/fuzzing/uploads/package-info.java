/** Whole requests to the servlet in this process, and the world of files they leave behind. */
@NullMarked
package dev.filestore.examples.fuzzing.uploads;

import org.jspecify.annotations.NullMarked;

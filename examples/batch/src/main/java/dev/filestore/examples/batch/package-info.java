/** A command-line program that stores a folder tree without any HTTP. */
@NullMarked
package dev.filestore.examples.batch;

import org.jspecify.annotations.NullMarked;

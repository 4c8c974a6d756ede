/** A command-line program that calls the store directly: it uploads a folder tree, and can be killed and run again. */
@NullMarked
package dev.filestore.examples.batch;

import org.jspecify.annotations.NullMarked;

/** A storage of one's own, as {@code docs/writing-a-backend.md} makes it step by step. */
@NullMarked
package dev.filestore.examples.backend;

import org.jspecify.annotations.NullMarked;

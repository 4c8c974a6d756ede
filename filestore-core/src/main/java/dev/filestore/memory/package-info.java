/** Storage and metadata on the heap, for tests and trials. */
@NullMarked
package dev.filestore.memory;

import org.jspecify.annotations.NullMarked;

/** Storage in a folder on disk. */
@NullMarked
package dev.filestore.local;

import org.jspecify.annotations.NullMarked;

/** Keeps the files of an application's users: the facade, its values, and the SPIs behind it. */
@NullMarked
package dev.filestore;

import org.jspecify.annotations.NullMarked;

/** Keeps the rows of files in a relational database through Jakarta Persistence. */
@NullMarked
package dev.filestore.jpa;

import org.jspecify.annotations.NullMarked;

/** Serves files over HTTP: a Jakarta servlet with five endpoints. */
@NullMarked
package dev.filestore.servlet;

import org.jspecify.annotations.NullMarked;

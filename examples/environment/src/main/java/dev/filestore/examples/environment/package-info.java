/** Opens a store as the environment says: the wiring that the example programs share. */
@NullMarked
package dev.filestore.examples.environment;

import org.jspecify.annotations.NullMarked;

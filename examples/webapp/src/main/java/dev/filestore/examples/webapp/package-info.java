/** A web application that can be started as it is: embedded server, database, storage. */
@NullMarked
package dev.filestore.examples.webapp;

import org.jspecify.annotations.NullMarked;

/** Forms of multipart/form-data: how they are made up here, and a naive parser to compare to. */
@NullMarked
package dev.filestore.examples.fuzzing.forms;

import org.jspecify.annotations.NullMarked;

/** The audit on real servers, and at the size of a large store. */
@NullMarked
package dev.filestore.examples.reliability.audit;

import org.jspecify.annotations.NullMarked;

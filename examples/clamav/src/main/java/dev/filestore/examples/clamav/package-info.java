/** A scanner that asks ClamAV's daemon. */
@NullMarked
package dev.filestore.examples.clamav;

import org.jspecify.annotations.NullMarked;

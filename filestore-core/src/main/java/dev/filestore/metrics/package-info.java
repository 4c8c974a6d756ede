/** Metrics and observations of a store by Micrometer, which the host brings: nothing else in this library needs it. */
@NullMarked
package dev.filestore.metrics;

import org.jspecify.annotations.NullMarked;

/** Real processes under load, killed at random moments, and a ledger outside that knows what was promised. */
@org.jspecify.annotations.NullMarked
package dev.filestore.examples.reliability.killer;

/** Every fault at every call, on real storages and databases. */
package dev.filestore.examples.reliability.faults;

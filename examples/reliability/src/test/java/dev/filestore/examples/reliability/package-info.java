/** The promise put to the test on real servers: faults at every call, kills at any moment, bad networks, full disks. */
@org.jspecify.annotations.NullMarked
package dev.filestore.examples.reliability;

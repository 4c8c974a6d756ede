/** The promise over networks that cut, lose and fall silent, on disks that are full, and as a whole. */
package dev.filestore.examples.reliability.network;

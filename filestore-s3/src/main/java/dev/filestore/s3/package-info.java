/** Keeps the bytes of files in Amazon S3 or a compatible store. */
@NullMarked
package dev.filestore.s3;

import org.jspecify.annotations.NullMarked;

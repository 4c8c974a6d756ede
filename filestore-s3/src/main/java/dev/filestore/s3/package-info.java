/**
 * Keeps the bytes of files in Amazon S3 or a compatible store.
 *
 * <p>{@link dev.filestore.s3.S3StorageBackend} is the storage and signs addresses for reading from it,
 * {@link dev.filestore.s3.S3Settings} says where and how, {@link dev.filestore.s3.CloudFrontDomain} is the CDN in front,
 * for which {@link dev.filestore.s3.CloudFrontSigner} signs, and which {@link dev.filestore.s3.CloudFrontInvalidations} has
 * forget what was deleted.
 */
@NullMarked
package dev.filestore.s3;

import org.jspecify.annotations.NullMarked;

/**
 * Keeps the files of an application's users: bytes in a storage, one row per file in the application's database, and a
 * life cycle that survives being killed at any step.
 *
 * <p>{@link dev.filestore.FileStore} is the way in for trusted code, {@link dev.filestore.UserFiles} the same for one
 * user. {@link dev.filestore.StorageBackend}, {@link dev.filestore.MetadataRepository},
 * {@link dev.filestore.MimePolicy}, {@link dev.filestore.ContentScanner}, {@link dev.filestore.KeyLayout},
 * {@link dev.filestore.UrlSigner} and {@link dev.filestore.Cdn} are what a host can replace.
 */
@NullMarked
package dev.filestore;

import org.jspecify.annotations.NullMarked;

package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A file's bytes in the storage, read from the first to the last and held against its record. */
final class StoredBytes {

    private static final int BUFFER_BYTES = 64 * 1024;

    private StoredBytes() {}

    static Verification verify(StorageBackend storage, FileRow row) {
        // As a part of it, and one byte more than there should be: asked for a whole object that does not match its
        // own checksum, a storage gives an error instead of the bytes.
        Optional<InputStream> stored = storage.open(row.key(), new ByteRange(0, row.size() + 1), row.objectTag());
        if (stored.isEmpty()) {
            // Without a tag there is nothing to find but the object.
            boolean another = row.objectTag() != null && storage.stat(row.key()).isPresent();
            return another ? Verification.DIFFERENT : Verification.MISSING;
        }
        try (InputStream in = stored.get()) {
            return copy(in, row.toStoredFile(), OutputStream.nullOutputStream())
                    ? Verification.INTACT
                    : Verification.DIFFERENT;
        } catch (IOException e) {
            throw new StorageException("read " + row.key() + ": the object could not be closed", e);
        }
    }

    /**
     * Copies a file's bytes.
     *
     * @return whether they are all that its record says, and no others
     * @throws StorageException if they could not be read to their end, or the thread was interrupted
     * @throws IOException if they could not be written
     */
    static boolean copy(InputStream stored, StoredFile file, OutputStream out) throws IOException {
        Sha256 digest = new Sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = file.size();
        for (int read = read(stored, file, buffer); read >= 0; read = read(stored, file, buffer)) {
            left -= read;
            if (left < 0) {
                return false;
            }
            digest.update(buffer, 0, read);
            out.write(buffer, 0, read);
        }
        return left == 0 && digest.hex().equals(file.sha256());
    }

    private static int read(InputStream stored, StoredFile file, byte[] buffer) {
        if (Thread.currentThread().isInterrupted()) {
            throw new StorageException("read " + file.key() + ": the thread was interrupted", null);
        }
        try {
            return stored.read(buffer);
        } catch (IOException e) {
            throw new StorageException("read " + file.key() + ": the bytes broke off", e);
        }
    }
}

package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of an upload as the storage reads them, in one pass: counted, held against the limit and the announced
 * length and digest, their end shown to the policy where it asked for that, and scanned. It ends, with -1, only where all
 * of that is right: a storage that commits only then never commits a file that is not whole, or not clean.
 */
final class UploadSource extends InputStream {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    private final byte[] head;
    private final InputStream rest;
    private final long announced;
    private final @Nullable String announcedSha256;
    private final long limit;
    private final Supplier<@Nullable Duration> ttl;
    private final MimePolicy.@Nullable EndCheck endCheck;
    private final @Nullable Tail tail;
    private final Scanning scanning;
    private final Lease lease;
    private final Sha256 digest = new Sha256();
    private int headRead;
    private long count;
    private @Nullable String sha256;
    private @Nullable Instant expiresAt;
    private @Nullable IOException failure;

    UploadSource(
            byte[] head,
            InputStream rest,
            UploadRequest request,
            long limit,
            MimePolicy.@Nullable EndCheck endCheck,
            Scanning scanning,
            Lease lease) {
        this.head = head;
        this.rest = rest;
        this.announced = request.length();
        this.announcedSha256 = request.sha256();
        this.ttl = request.ttl();
        this.limit = limit;
        this.endCheck = endCheck;
        this.tail = endCheck == null ? null : new Tail(MimePolicy.END_BYTES);
        this.scanning = scanning;
        this.lease = lease;
    }

    /** Carries a refusal of ours through the storage, which passes on what a source throws. */
    private static final class Stop extends IOException {

        private static final long serialVersionUID = 1L;

        private final FileStoreException reason;

        Stop(FileStoreException reason) {
            super(reason.getMessage(), reason);
            this.reason = reason;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (failure != null) {
            throw failure;
        }
        if (sha256 != null) {
            return -1;
        }
        try {
            return readChecked(buffer, offset, length);
        } catch (IOException e) {
            throw failed(e);
        } catch (FileStoreException e) {
            throw failed(new Stop(e));
        } catch (RuntimeException e) {
            // A foreign stream that fails in its own way must not pass through the storage unseen.
            throw failed(new IOException("the source failed", e));
        }
    }

    private IOException failed(IOException e) {
        failure = e;
        // Now, since the storage may take its time to clean up.
        scanning.close();
        return e;
    }

    private int readChecked(byte[] buffer, int offset, int length) throws IOException {
        int read;
        if (headRead < head.length) {
            read = Math.min(length, head.length - headRead);
            System.arraycopy(head, headRead, buffer, offset, read);
            headRead += read;
        } else {
            read = rest.read(buffer, offset, length);
        }
        if (read < 0) {
            if (announced >= 0 && count != announced) {
                throw wrongLength("ended after " + count + " bytes");
            }
            String found = digest.hex();
            if (announcedSha256 != null && !announcedSha256.equals(found)) {
                throw new SourceException(
                        "the upload announced the SHA-256 " + announcedSha256 + " and its bytes have " + found, null);
            }
            judgeEnd();
            Duration lifetime = ttl.get();
            expiresAt =
                    lifetime == null ? null : Engine.kept(row().uploadedAt().plus(UploadRequest.requireTtl(lifetime)));
            awaitVerdict();
            // Last of all: an upload that slept through its lease must not commit what the sweeper has removed already.
            lease.extend();
            sha256 = found;
            return -1;
        }
        count += read;
        if (count > limit) {
            throw tooLarge(limit);
        }
        if (announced >= 0 && count > announced) {
            throw wrongLength("went on after them");
        }
        digest.update(buffer, offset, read);
        if (tail != null) {
            tail.add(buffer, offset, read);
        }
        scanning.update(buffer, offset, read).ifPresent(this::refuse);
        lease.extend();
        return read;
    }

    private void judgeEnd() {
        if (endCheck != null && tail != null) {
            endCheck.judge(tail.bytes(), count).ifPresent(refused -> {
                throw refused(refused);
            });
        }
    }

    /** Asks for the verdict, which may take its time: with a lease that is as long as it gets. */
    private void awaitVerdict() {
        lease.extend();
        scanning.end().ifPresent(this::refuse);
        scanning.close();
    }

    private void refuse(ContentScanner.Finding found) {
        LOG.warn(
                "file {}: the scanner found {} in the upload of {} by user {}",
                row().id(),
                found.name(),
                row().key(),
                Text.printable(row().owner(), Caller.MAX_USER_ID_LENGTH));
        throw new FileRefusedException(
                FileRefusedException.Reason.INFECTED, "The file is infected: the scanner found " + found.name());
    }

    private SourceException wrongLength(String found) {
        return new SourceException("the upload announced " + announced + " bytes and " + found, null);
    }

    static FileRefusedException refused(MimePolicy.Refused refused) {
        return new FileRefusedException(FileRefusedException.Reason.TYPE_NOT_ALLOWED, refused.message());
    }

    static FileRefusedException tooLarge(long limit) {
        return new FileRefusedException(
                FileRefusedException.Reason.TOO_LARGE,
                "The file has more than the " + limit + " bytes that are allowed");
    }

    /** The row as the upload last knew it. */
    FileRow row() {
        return lease.row();
    }

    /** The row as the upload last wrote it, see {@link Lease#settled}. */
    Optional<FileRow> settledRow() {
        return lease.settled();
    }

    /** How many bytes were read. */
    long count() {
        return count;
    }

    /** The digest of all bytes. */
    String sha256() {
        String all = sha256;
        if (all == null) {
            throw new IllegalStateException("the storage committed " + row().key() + " before it had read all bytes");
        }
        return all;
    }

    /** When the file expires, known at the end of the bytes; null for ever. */
    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    /** What broke the reading, or null. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** What the uploader is told of it. */
    FileStoreException reason(IOException broken) {
        return broken instanceof Stop stop ? stop.reason : unreadable(broken);
    }

    static SourceException unreadable(IOException broken) {
        return new SourceException("the bytes of the upload could not be read to their end", broken);
    }
}

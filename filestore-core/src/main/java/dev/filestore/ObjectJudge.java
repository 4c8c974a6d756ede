package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an object once, and judges it as if it were just being uploaded: by policy and scanner. Writes nothing. */
final class ObjectJudge {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final StorageBackend storage;
    private final MimePolicy policy;
    private final @Nullable ContentScanner scanner;

    ObjectJudge(StorageBackend storage, MimePolicy policy, @Nullable ContentScanner scanner) {
        this.storage = storage;
        this.policy = policy;
        this.scanner = scanner;
    }

    /** What an object is, or why it cannot be a file of the store. */
    sealed interface Judgement {}

    record Fit(MimePolicy.Accepted accepted, String sha256) implements Judgement {}

    record Unfit(Adoption refusal) implements Judgement {}

    /**
     * Judges.
     *
     * @throws StorageException if the bytes could not be read to their end, or are not those of the description any more
     */
    Judgement judge(AdoptRequest request, DescribedObjects.Description object) {
        String key = request.key();
        InputStream opened = storage.open(key, ByteRange.ALL, object.tag())
                .orElseThrow(() ->
                        new StorageException("adopt " + key + ": the object went, or was replaced, meanwhile", null));
        try (InputStream in = opened) {
            return judge(request, object.object().size(), in);
        } catch (IOException e) {
            throw new StorageException("adopt " + key + ": the bytes could not be read to their end", e);
        }
    }

    private Judgement judge(AdoptRequest request, long size, InputStream in) throws IOException {
        String name = request.originalFilename();
        byte[] head = in.readNBytes(MimePolicy.HEAD_BYTES);
        if (head.length == 0) {
            throw otherLength(request, size, 0);
        }
        MimePolicy.Verdict verdict = verdict(name, request.contentType(), head);
        if (verdict instanceof MimePolicy.Refused refused) {
            return unfit(Adoption.Kind.TYPE_NOT_ALLOWED, refused.message());
        }
        MimePolicy.EndCheck endCheck = verdict instanceof MimePolicy.AcceptedSoFar soFar ? soFar.end() : null;
        MimePolicy.Accepted accepted =
                verdict instanceof MimePolicy.AcceptedSoFar soFar ? soFar.accepted() : (MimePolicy.Accepted) verdict;
        if (size > accepted.maxBytes()) {
            return unfit(
                    Adoption.Kind.TOO_LARGE,
                    "the object has " + size + " bytes, " + accepted.maxBytes() + " are allowed for "
                            + accepted.contentType());
        }
        ContentScanner.Upload upload = new ContentScanner.Upload(request.owner(), name, accepted.contentType(), size);
        try (Scanning scanning = Scanning.begin(scanner, upload)) {
            return read(request, size, head, in, accepted, endCheck, scanning);
        }
    }

    /** An application may have recorded anything as the type: what is accepted without that is accepted. */
    private MimePolicy.Verdict verdict(String name, @Nullable String recorded, byte[] head) {
        MimePolicy.Verdict first = policy.judge(name, recorded, head);
        if (recorded == null || !(first instanceof MimePolicy.Refused)) {
            return first;
        }
        MimePolicy.Verdict second = policy.judge(name, null, head);
        return second instanceof MimePolicy.Refused ? first : second;
    }

    private static Judgement read(
            AdoptRequest request,
            long size,
            byte[] head,
            InputStream in,
            MimePolicy.Accepted accepted,
            MimePolicy.@Nullable EndCheck endCheck,
            Scanning scanning)
            throws IOException {
        Sha256 digest = new Sha256();
        Tail tail = new Tail(MimePolicy.END_BYTES);
        byte[] buffer = new byte[BUFFER_BYTES];
        System.arraycopy(head, 0, buffer, 0, head.length);
        long count = 0;
        for (int read = head.length; read >= 0; read = in.read(buffer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StorageException("adopt " + request.key() + ": the thread was interrupted", null);
            }
            count += read;
            if (count > size) {
                throw otherLength(request, size, count);
            }
            digest.update(buffer, 0, read);
            tail.add(buffer, 0, read);
            Optional<ContentScanner.Finding> found = scanning.update(buffer, 0, read);
            if (found.isPresent()) {
                return infected(found.get());
            }
        }
        if (count != size) {
            throw otherLength(request, size, count);
        }
        String sha256 = digest.hex();
        if (request.sha256() != null && !request.sha256().equals(sha256)) {
            return unfit(
                    Adoption.Kind.SHA256_DIFFERS,
                    "the bytes have the SHA-256 " + sha256 + ", " + request.sha256() + " was recorded");
        }
        Optional<MimePolicy.Refused> refused =
                endCheck == null ? Optional.empty() : endCheck.judge(tail.bytes(), count);
        if (refused.isPresent()) {
            return unfit(Adoption.Kind.TYPE_NOT_ALLOWED, refused.get().message());
        }
        return scanning.end().map(ObjectJudge::infected).orElseGet(() -> new Fit(accepted, sha256));
    }

    private static Judgement infected(ContentScanner.Finding found) {
        return unfit(Adoption.Kind.INFECTED, "the scanner found " + found.name());
    }

    private static Judgement unfit(Adoption.Kind kind, String detail) {
        return new Unfit(Adoptions.refused(kind, detail));
    }

    private static StorageException otherLength(AdoptRequest request, long size, long read) {
        return new StorageException(
                "adopt " + request.key() + ": the storage tells " + size + " bytes, and gives "
                        + (read > size ? "more" : Long.toString(read)),
                null);
    }
}

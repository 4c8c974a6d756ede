package dev.filestore.examples.reliability.killer;

import dev.filestore.examples.reliability.killer.Upload.Expected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What was asked, answered and seen, kept outside of all that is killed. Each change is a line of the journal, with the
 * intent before the request is sent. Thread-safe.
 */
final class Ledger {

    private final Writer journal;
    private final Instant start = Instant.now();
    private final Map<String, Upload> bySha256 = new HashMap<>();
    private final List<Upload> uploads = new ArrayList<>();
    private final List<Upload> living = new ArrayList<>();
    private final List<Upload> dead = new ArrayList<>();
    private final Map<String, List<Upload>> byUser = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long livingBytes;

    /**
     * Opens an empty ledger.
     *
     * @param journal where its lines go
     */
    Ledger(Writer journal) {
        this.journal = journal;
    }

    /** To be called before the first byte is sent. */
    synchronized Upload intend(String user, String name, Content content, String sha256, @Nullable Duration ttl) {
        Upload upload = new Upload(user, name, content, sha256, ttl, Instant.now());
        uploads.add(upload);
        bySha256.put(sha256, upload);
        byUser.computeIfAbsent(user, none -> new ArrayList<>()).add(upload);
        line("intend " + sha256 + " ttl " + ttl, upload);
        return upload;
    }

    synchronized void stored(Upload upload, long id) {
        upload.stored(id, Instant.now());
        live(upload);
        line("stored", upload);
    }

    synchronized void answered(Upload upload, Upload.Answer answer) {
        upload.answered(answer, Instant.now());
        line("answered", upload);
    }

    /** A list showed a file of whose upload nobody knew how it ended. */
    synchronized void seen(Upload upload, long id) {
        upload.seen(id);
        live(upload);
        line("seen", upload);
    }

    private void live(Upload upload) {
        if (!living.contains(upload)) {
            living.add(upload);
            livingBytes += upload.content().size();
        }
    }

    synchronized void deleteAsked(Upload upload) {
        upload.deleteAsked();
        line("delete asked", upload);
    }

    synchronized void hidden(Upload upload) {
        upload.hidden();
        line("hidden", upload);
    }

    synchronized void removed(Upload upload) {
        upload.removed();
        if (living.remove(upload)) {
            livingBytes -= upload.content().size();
            dead.add(upload);
        }
        line("deleted", upload);
    }

    /** The bytes of all files that no delete was acknowledged of. */
    synchronized long livingBytes() {
        return livingBytes;
    }

    /** Any file that was stored and whose delete was not acknowledged. */
    synchronized Optional<Upload> anyLiving(RandomGenerator random) {
        return any(living, random);
    }

    /** Any file whose delete was acknowledged. */
    synchronized Optional<Upload> anyDead(RandomGenerator random) {
        return any(dead, random);
    }

    private static Optional<Upload> any(List<Upload> list, RandomGenerator random) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
    }

    synchronized List<Upload> all() {
        return List.copyOf(uploads);
    }

    synchronized List<Upload> of(String user) {
        return List.copyOf(byUser.getOrDefault(user, List.of()));
    }

    /** The upload whose bytes these are. */
    synchronized Optional<Upload> withSha256(@Nullable String sha256) {
        return Optional.ofNullable(bySha256.get(sha256));
    }

    /**
     * Judges what a reader was given.
     *
     * @param upload what was asked for
     * @param before what was expected when it was asked for
     * @param sha256 the digest of the bytes, or null where the answer was that there is no such file
     * @param how by which way it was read
     */
    synchronized void read(Upload upload, Expected before, @Nullable String sha256, String how) {
        if (sha256 == null) {
            if (upload.expected(Instant.now()) == Expected.PRESENT) {
                violation("LOST", how + " says that there is no such file", upload);
            }
            return;
        }
        if (!sha256.equals(upload.sha256())) {
            violation(
                    "WRONG BYTES",
                    how + " gave "
                            + withSha256(sha256).map(Upload::toString).orElse("bytes that nobody handed in, " + sha256),
                    upload);
        }
        if (before == Expected.GONE) {
            violation("CAME BACK", how + " gave a file that was gone", upload);
        }
    }

    synchronized void violation(String kind, String what, @Nullable Upload upload) {
        String text = kind + ": " + what + (upload == null ? "" : ": " + upload);
        violations.add(text);
        line("VIOLATION " + text, upload);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Adds to the journal what is not about one file. */
    synchronized void note(String what) {
        line(what, null);
    }

    private void line(String what, @Nullable Upload upload) {
        try {
            journal.write(Duration.between(start, Instant.now()).toMillis() + " " + what
                    + (upload == null ? "" : " " + upload) + "\n");
            journal.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

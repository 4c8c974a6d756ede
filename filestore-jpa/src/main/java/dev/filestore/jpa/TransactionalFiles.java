package dev.filestore.jpa;

import dev.filestore.Caller;
import dev.filestore.FileMissingException;
import dev.filestore.FileState;
import dev.filestore.NotAuthorizedException;
import dev.filestore.PendingEvents;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a file in the caller's own transaction, together with the rows that name the file. Thread-safe, and
 * without a state: one for all.
 *
 * <p>A file is uploaded first, with a {@linkplain dev.filestore.UploadRequest#withTtl TTL}, and {@link #keep kept} in the
 * transaction that saves the row which names it. After a rollback or a crash it is what it was, a temporary file, and
 * expires by itself. A file that is no longer needed is {@link #discard discarded} in the transaction that deletes that
 * row: from the commit on no reader sees it, and the next sweep removes its bytes.
 *
 * <p>The entity manager is the caller's. Its factory knows the {@linkplain JpaMetadataRepository#entities() entities} and
 * reaches the table that the store's repository uses, and it has joined an active transaction: resource-local, Spring's
 * or JTA. Each call is a locking read and at most one UPDATE; nothing is loaded into the persistence context. The file's
 * row stays locked until the transaction ends. Whoever else changes that file waits so long; readers do not, and a sweep
 * passes it over.
 *
 * <p>The exceptions declared here do not mark the transaction for rollback: a caller may catch one and go on. What the
 * database refuses, such as the victim of a deadlock, is the provider's {@link jakarta.persistence.PersistenceException}
 * and not translated, since it ends the caller's transaction and is for whoever repeats that.
 */
public final class TransactionalFiles {

    private final Clock clock;

    /** Takes the time from the system's clock. */
    public TransactionalFiles() {
        this(Clock.systemUTC());
    }

    /**
     * Takes the time from a clock.
     *
     * @param clock tells which files have expired and when discarded ones are due; the one that the store has
     */
    public TransactionalFiles(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Makes a temporary file permanent if the transaction commits; one that is permanent stays so. For code that knows
     * whose file it is: the owner is not looked at. That the file has not expired is judged now: it is not lost if its
     * time runs out before the commit.
     *
     * @param em the caller's entity manager, in a transaction
     * @param id the file's id
     * @throws FileMissingException if there is no such file, or none any more
     * @throws IllegalStateException if the entity manager has joined no active transaction
     * @throws IllegalArgumentException if its factory does not know the entity
     */
    public void keep(EntityManager em, long id) {
        keep(em, lock(em, id), id);
    }

    /**
     * Makes a temporary file of the caller's permanent if the transaction commits, as {@link #keep(EntityManager, long)}
     * does.
     *
     * @param em the caller's entity manager, in a transaction
     * @param caller who asks; an admin may keep the files of everybody
     * @param id the file's id, as a user may have sent it
     * @throws FileMissingException if there is no such file, or none any more
     * @throws NotAuthorizedException if it belongs to somebody else
     * @throws IllegalStateException if the entity manager has joined no active transaction
     * @throws IllegalArgumentException if its factory does not know the entity
     */
    public void keep(EntityManager em, Caller caller, long id) {
        keep(em, lockFor(em, caller, id), id);
    }

    /**
     * Deletes a file if the transaction commits. One whose delete has begun already is left to it. For code that knows
     * whose file it is: the owner is not looked at.
     *
     * @param em the caller's entity manager, in a transaction
     * @param id the file's id
     * @throws FileMissingException if there is no such file, or none any more
     * @throws IllegalStateException if the entity manager has joined no active transaction
     * @throws IllegalArgumentException if its factory does not know the entity
     */
    public void discard(EntityManager em, long id) {
        discard(em, lock(em, id), id);
    }

    /**
     * Deletes a file of the caller's if the transaction commits, as {@link #discard(EntityManager, long)} does.
     *
     * @param em the caller's entity manager, in a transaction
     * @param caller who asks; an admin may discard the files of everybody
     * @param id the file's id, as a user may have sent it
     * @throws FileMissingException if there is no such file, or none any more
     * @throws NotAuthorizedException if it belongs to somebody else
     * @throws IllegalStateException if the entity manager has joined no active transaction
     * @throws IllegalArgumentException if its factory does not know the entity
     */
    public void discard(EntityManager em, Caller caller, long id) {
        discard(em, lockFor(em, caller, id), id);
    }

    private void keep(EntityManager em, Locked file, long id) {
        if (!file.available()) {
            throw new FileMissingException(id);
        }
        if (file.expiresAt() != null) {
            em.createQuery("update FileUpload f set f.version = f.version + 1, f.expiresAt = null, f.dueAt = :dueAt"
                            + " where f.id = :id")
                    .setParameter("dueAt", file.toldBy())
                    .setParameter("id", id)
                    .executeUpdate();
        }
    }

    private void discard(EntityManager em, Locked file, long id) {
        if (file.available()) {
            em.createQuery("update FileUpload f set f.version = f.version + 1, f.state = :deleting, f.dueAt = :now,"
                            + " f.attempts = 0 where f.id = :id")
                    .setParameter("deleting", FileState.DELETING.name())
                    .setParameter("now", now())
                    .setParameter("id", id)
                    .executeUpdate();
        }
    }

    /**
     * A file that readers see, or one whose delete was begun, with its row locked until the transaction ends.
     *
     * @param toldBy when the row is due for the sake of listeners who are still to be told something; null for never
     */
    private record Locked(
            String owner,
            boolean available,
            @Nullable Instant expiresAt,
            @Nullable Instant toldBy) {}

    private Locked lockFor(EntityManager em, Caller caller, long id) {
        Locked file = lock(em, id);
        if (!caller.admin() && !file.owner().equals(caller.userId())) {
            // A delete that was begun is nobody's business but its owner's: for others the file is gone.
            throw file.available()
                    ? new NotAuthorizedException("the file " + id + " belongs to another user")
                    : new FileMissingException(id);
        }
        return file;
    }

    private Locked lock(EntityManager em, long id) {
        JpaMetadataRepository.requireEntity(em.getMetamodel(), FileUpload.class);
        if (!em.isJoinedToTransaction()) {
            throw new IllegalStateException(
                    "a file is kept or discarded in a transaction of the caller's: begin one, or"
                            + " call this from a method that runs in one, and let the entity manager join it");
        }
        // Only a locking read sees the row as it is where the transaction has a snapshot, as MariaDB's have by default:
        // the file may have been uploaded since. Columns and not the entity, which the persistence context would keep.
        return em
                .createQuery(
                        "select f.userId, f.state, f.sha256, f.expiresAt, f.pendingEvents, f.dueAt from FileUpload f"
                                + " where f.id = :id",
                        Object[].class)
                .setParameter("id", id)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList()
                .stream()
                .flatMap(this::unlessGone)
                .findFirst()
                .orElseThrow(() -> new FileMissingException(id));
    }

    private Stream<Locked> unlessGone(@Nullable Object[] columns) {
        boolean available = FileState.AVAILABLE.name().equals(columns[1]);
        boolean deleting = FileState.DELETING.name().equals(columns[1]) && columns[2] != null;
        Instant expiresAt = (Instant) columns[3];
        boolean expired = expiresAt != null && !now().isBefore(expiresAt);
        if (expired || !(available || deleting)) {
            return Stream.empty();
        }
        Instant toldBy = PendingEvents.NONE.name().equals(columns[4]) ? null : (Instant) columns[5];
        return Stream.of(new Locked((String) Objects.requireNonNull(columns[0]), available, expiresAt, toldBy));
    }

    /** The present, in the precision that every database keeps. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

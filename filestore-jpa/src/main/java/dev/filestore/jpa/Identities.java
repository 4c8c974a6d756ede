package dev.filestore.jpa;

import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.PendingEvents;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.UUID;

/** Where the ids of new rows come from, in each database, by the name that the scripts give the table. */
final class Identities {

    /** No user's id. */
    private static final String NOBODY = "";

    private Identities() {}

    /** Lets the next id be above a number; does nothing where it is. */
    static void reserve(EntityManager em, long highest) {
        switch (Catalogue.of(em)) {
            case POSTGRESQL -> reserveInPostgres(em, highest);
            case H2 -> reserveInH2(em, highest);
            case MARIADB, MYSQL -> reserveByARow(em, highest);
        }
    }

    /** Nobody is between two ids meanwhile: an insert that is under way ends before, and one that begins waits. */
    private static void reserveInPostgres(EntityManager em, long highest) {
        em.createNativeQuery("lock table file_uploads in share row exclusive mode")
                .executeUpdate();
        Object sequence = em.createNativeQuery("select cast(pg_get_serial_sequence('file_uploads', 'id') as varchar)")
                .getSingleResult();
        // What pg_sequence_last_value tells is nothing for one that was only restarted.
        em.createNativeQuery("select setval(cast(?2 as regclass), ?1) from " + sequence
                        + " s where s.last_value - case when s.is_called then 0 else 1 end < ?1")
                .setParameter(1, highest)
                .setParameter(2, sequence)
                .getResultList();
    }

    /** One at a time: who restarted the ids for a lower number, and looked before another did for a higher, would take that back. */
    private static synchronized void reserveInH2(EntityManager em, long highest) {
        Object next = em.createNativeQuery("""
                        select identity_base from information_schema.columns
                        where table_schema = current_schema and table_name = 'FILE_UPLOADS' and column_name = 'ID'""").getSingleResult();
        if (((Number) next).longValue() <= highest) {
            em.createNativeQuery("alter table file_uploads alter column id restart with " + (highest + 1))
                    .executeUpdate();
        }
    }

    /**
     * By a row of that id, which nobody sees, for it goes in the same transaction. InnoDB raises its counter with it, and never
     * lowers it; so do replicas. To alter the table would be a right more, and all would wait for it; and the number that the
     * catalogue of MySQL tells may be of yesterday.
     */
    private static void reserveByARow(EntityManager em, long highest) {
        boolean isAbove = !em.createQuery("select f.id from FileUpload f where f.id >= :highest", Long.class)
                .setParameter("highest", highest)
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
        if (isAbove) {
            return;
        }
        Adopted.insertUnderItsId(em, placeholder(highest));
        em.createQuery("delete from FileUpload f where f.id = :id")
                .setParameter("id", highest)
                .executeUpdate();
    }

    private static FileRow placeholder(long id) {
        return new FileRow(
                id,
                0,
                FileState.DELETED,
                null,
                0,
                NOBODY,
                "reserved/" + UUID.randomUUID(),
                "reserved",
                0,
                "application/octet-stream",
                new Category("reserved"),
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                PendingEvents.NONE);
    }
}

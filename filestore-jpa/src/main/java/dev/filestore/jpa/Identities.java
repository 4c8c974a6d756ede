package dev.filestore.jpa;

import jakarta.persistence.EntityManager;

/** Where the ids of new rows come from, in each database, by the name that the scripts give the table. */
final class Identities {

    private Identities() {}

    /** Lets the next id be above a number; does nothing where it is. */
    static void reserve(EntityManager em, long highest) {
        Catalogue database = Catalogue.of(em);
        switch (database) {
            case POSTGRESQL -> reserveInPostgres(em, highest);
            case H2 -> {
                if (next(em, """
                        select identity_base from information_schema.columns
                        where table_schema = current_schema and table_name = 'FILE_UPLOADS' and column_name = 'ID'""") <= highest) {
                    em.createNativeQuery("alter table file_uploads alter column id restart with " + (highest + 1))
                            .executeUpdate();
                }
            }
            case MARIADB, MYSQL -> {
                if (next(em, """
                        select auto_increment from information_schema.tables
                        where table_schema = database() and table_name = 'file_uploads'""") <= highest) {
                    em.createNativeQuery("alter table file_uploads auto_increment = " + (highest + 1))
                            .executeUpdate();
                }
            }
        }
    }

    /** Nobody is between two ids meanwhile: an insert that is under way ends before, and one that begins waits. */
    private static void reserveInPostgres(EntityManager em, long highest) {
        em.createNativeQuery("lock table file_uploads in share row exclusive mode")
                .executeUpdate();
        em.createNativeQuery("""
                        select setval(s.name, ?1)
                        from (select cast(pg_get_serial_sequence('file_uploads', 'id') as regclass) as name) s
                        where coalesce(pg_sequence_last_value(s.name), 0) < ?1""").setParameter(1, highest).getResultList();
    }

    private static long next(EntityManager em, String sql) {
        return ((Number) em.createNativeQuery(sql).getSingleResult()).longValue();
    }
}

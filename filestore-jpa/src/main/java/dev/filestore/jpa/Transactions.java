package dev.filestore.jpa;

import dev.filestore.MetadataException;
import jakarta.persistence.CacheRetrieveMode;
import jakarta.persistence.CacheStoreMode;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Short transactions, each on an entity manager of its own. Thread-safe. */
final class Transactions {

    /** The way of Jakarta Persistence to say {@code SKIP LOCKED}, though the specification leaves the number open. */
    static final int SKIP_LOCKED = -2;

    private static final Logger LOG = LoggerFactory.getLogger(JpaMetadataRepository.class);

    /** How often a transaction is begun that the database chooses as the victim of a deadlock each time. */
    private static final int ATTEMPTS = 5;

    private static final Map<String, Object> WITHOUT_CACHE = Map.of(
            "jakarta.persistence.cache.retrieveMode", CacheRetrieveMode.BYPASS,
            "jakarta.persistence.cache.storeMode", CacheStoreMode.BYPASS);

    private final EntityManagerFactory factory;

    Transactions(EntityManagerFactory factory) {
        this.factory = factory;
    }

    /**
     * Runs some work in one transaction, and again where the database took everything back.
     *
     * @throws MetadataException if the database failed; whether the changes were made is unknown
     */
    <T> T run(String act, Function<EntityManager, T> work) {
        return repeated(act, () -> runOnce(work));
    }

    /** A transaction, or a statement that is one. */
    interface Attempt<T> {
        T run() throws SQLException;
    }

    /**
     * Does some work, and again where the database took everything back.
     *
     * @throws MetadataException if the database failed; whether the changes were made is unknown
     */
    static <T> T repeated(String act, Attempt<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run();
            } catch (SQLException | RuntimeException e) {
                if (attempt == ATTEMPTS || !isVictim(e)) {
                    throw new MetadataException(act + ": the database failed", e);
                }
                LOG.debug("{}: gave way to another transaction, attempt {}", act, attempt, e);
            }
        }
    }

    private <T> T runOnce(Function<EntityManager, T> work) {
        try (EntityManager em = factory.createEntityManager(WITHOUT_CACHE)) {
            EntityTransaction transaction = em.getTransaction();
            transaction.begin();
            try {
                T result = work.apply(em);
                transaction.commit();
                return result;
            } catch (RuntimeException | Error e) {
                rollBack(transaction, e);
                throw e;
            }
        }
    }

    private static void rollBack(EntityTransaction transaction, Throwable reason) {
        try {
            if (transaction.isActive()) {
                transaction.rollback();
            }
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    static boolean isConstraintViolation(Throwable failure) {
        // SQL:2023 part 2, class 23: integrity constraint violation.
        return sqlState(failure).startsWith("23");
    }

    /** Whether the database took everything back, in favour of another transaction. */
    private static boolean isVictim(Throwable failure) {
        // SQL:2023 part 2, 40001: serialization failure; MariaDB and H2 name deadlocks so, PostgreSQL 40P01. Of others
        // in class 40, such as 40003, it is unknown whether they took effect.
        String state = sqlState(failure);
        return state.equals("40001") || state.equals("40P01");
    }

    /** What the driver or the pool threw; null where it was neither. */
    static @Nullable SQLException refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private static String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}

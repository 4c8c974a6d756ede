package dev.filestore.jpa;

import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.MetadataException;
import dev.filestore.MetadataRepository;
import dev.filestore.RowQuery;
import jakarta.persistence.CacheRetrieveMode;
import jakarta.persistence.CacheStoreMode;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.persistence.metamodel.Metamodel;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of files in the table {@code file_uploads} of a relational database, through Jakarta Persistence. Tested with
 * Hibernate 7 and 6.6 on H2, PostgreSQL and MariaDB; the jar holds a script for each database under
 * {@code dev/filestore/jpa/schema}. Thread-safe.
 *
 * <p>The {@link EntityManagerFactory} is the host's own, or one beside it, and must be resource-local: each method opens
 * an entity manager, runs one short transaction on a connection of its own, and closes it. A transaction of the caller's
 * is neither joined nor waited for. A host whose transactions are JTA gives the repository a second, resource-local
 * factory over a data source that is not enlisted ({@code transaction-type="RESOURCE_LOCAL"} and
 * {@code non-jta-data-source} in {@code persistence.xml}). Second-level caches are passed by.
 */
public final class JpaMetadataRepository implements MetadataRepository {

    private static final Logger LOG = LoggerFactory.getLogger(JpaMetadataRepository.class);

    /** The way of Jakarta Persistence to say {@code SKIP LOCKED}, though the specification leaves the number open. */
    private static final int SKIP_LOCKED = -2;

    /** How often a transaction is begun that the database chooses as the victim of a deadlock each time. */
    private static final int ATTEMPTS = 5;

    private static final Map<String, Object> WITHOUT_CACHE = Map.of(
            "jakarta.persistence.cache.retrieveMode", CacheRetrieveMode.BYPASS,
            "jakarta.persistence.cache.storeMode", CacheStoreMode.BYPASS);

    private static final String UPDATE = """
            update FileUpload f set f.version = f.version + 1, f.state = :state, f.dueAt = :dueAt,
                f.attempts = :attempts, f.originalFilename = :originalFilename, f.fileSize = :fileSize,
                f.contentType = :contentType, f.category = :category, f.sha256 = :sha256, f.objectTag = :objectTag,
                f.s3Url = :s3Url, f.cdnUrl = :cdnUrl, f.expiresAt = :expiresAt, f.pendingEvents = :pendingEvents
            where f.id = :id and f.version = :version""";

    private final EntityManagerFactory factory;

    /**
     * Makes a repository. Does not touch the database.
     *
     * @param factory where the entity managers come from; it stays the caller's, and is not closed by this repository
     * @throws IllegalArgumentException if the factory does not know the {@linkplain #entities() entities}
     */
    public JpaMetadataRepository(EntityManagerFactory factory) {
        requireEntity(factory.getMetamodel());
        this.factory = factory;
    }

    static void requireEntity(Metamodel metamodel) {
        if (metamodel.getEntities().stream().noneMatch(known -> known.getJavaType() == FileUpload.class)) {
            throw new IllegalArgumentException("the entity manager factory does not know " + FileUpload.class.getName()
                    + ": list it in persistence.xml, or add JpaMetadataRepository.entities()");
        }
    }

    /**
     * The entity classes that the factory must know. Where classes are listed as text, in {@code persistence.xml}, it is
     * {@code dev.filestore.jpa.FileUpload}; where packages are scanned, {@code dev.filestore.jpa}.
     *
     * @return the classes
     */
    public static List<Class<?>> entities() {
        return List.of(FileUpload.class);
    }

    @Override
    public Optional<FileRow> insert(FileRow row) {
        try {
            return Optional.of(inTransaction("insert " + row.key(), em -> {
                FileUpload entity = new FileUpload(row);
                em.persist(entity);
                return entity.toRow();
            }));
        } catch (MetadataException e) {
            if (isConstraintViolation(e) && isTaken(row.key(), e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Tells a key that is taken from the other constraints, which databases report in ways of their own. */
    private boolean isTaken(String key, MetadataException reason) {
        try {
            return findByKey(key).isPresent();
        } catch (MetadataException e) {
            reason.addSuppressed(e);
            return false;
        }
    }

    private static boolean isConstraintViolation(Throwable failure) {
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

    private static String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    @Override
    public Optional<FileRow> find(long id) {
        return inTransaction(
                "find " + id,
                em -> Optional.ofNullable(em.find(FileUpload.class, id)).map(FileUpload::toRow));
    }

    @Override
    public Optional<FileRow> findByKey(String key) {
        return inTransaction(
                "find " + key,
                em -> em
                        .createQuery("select f from FileUpload f where f.fileKeyBytes = :key", FileUpload.class)
                        .setParameter("key", FileUpload.bytes(key))
                        .getResultList()
                        .stream()
                        .map(FileUpload::toRow)
                        .findFirst());
    }

    @Override
    public Optional<FileRow> compareAndSet(FileRow next) {
        int changed = inTransaction(
                "change " + next.id(),
                em -> em.createQuery(UPDATE)
                        .setParameter("state", next.state().name())
                        .setParameter("dueAt", next.dueAt())
                        .setParameter("attempts", next.attempts())
                        .setParameter("originalFilename", next.originalFilename())
                        .setParameter("fileSize", next.size())
                        .setParameter("contentType", next.contentType())
                        .setParameter("category", next.category().name())
                        .setParameter("sha256", next.sha256())
                        .setParameter("objectTag", next.objectTag())
                        .setParameter("s3Url", FileUpload.text(next.url()))
                        .setParameter("cdnUrl", FileUpload.text(next.cdnUrl()))
                        .setParameter("expiresAt", next.expiresAt())
                        .setParameter("pendingEvents", next.pendingEvents().name())
                        .setParameter("id", next.id())
                        .setParameter("version", next.version())
                        .executeUpdate());
        return changed == 0 ? Optional.empty() : Optional.of(next.withIdentity(next.id(), next.version() + 1));
    }

    @Override
    public boolean remove(FileRow row) {
        int removed = inTransaction(
                "remove " + row.id(),
                em -> em.createQuery("delete from FileUpload f where f.id = :id and f.version = :version")
                        .setParameter("id", row.id())
                        .setParameter("version", row.version())
                        .executeUpdate());
        return removed == 1;
    }

    @Override
    public List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {
        if (offset > Integer.MAX_VALUE) {
            // More than Jakarta Persistence can pass over, and than such a list has.
            return List.of();
        }
        Map<String, Object> parameters = new HashMap<>();
        String where = where(query, parameters);
        if (after != null) {
            // The first condition says nothing new, but is one that databases look up in the index.
            where += " and f.uploadedAt <= :at and (f.uploadedAt < :at or f.id < :id)";
            parameters.put("at", after.uploadedAt());
            parameters.put("id", after.id());
        }
        String text = "select f from FileUpload f" + where + " order by f.uploadedAt desc, f.id desc";
        return inTransaction(
                "list",
                em -> rows(with(em.createQuery(text, FileUpload.class), parameters)
                        .setFirstResult((int) offset)
                        .setMaxResults(limit)));
    }

    @Override
    public long count(RowQuery query) {
        Map<String, Object> parameters = new HashMap<>();
        // Counts a column that is never null and in the index, so that the table need not be read.
        String text = "select count(f.state) from FileUpload f" + where(query, parameters);
        return inTransaction(
                "count",
                em -> with(em.createQuery(text, Long.class), parameters).getSingleResult());
    }

    @Override
    public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
        return inTransaction("claim", em -> {
            // A range without a beginning would begin, in H2's index, with all the rows that are never due.
            List<FileUpload> due = em.createQuery(
                            "select f from FileUpload f where f.dueAt >= :dawn and f.dueAt <= :now"
                                    + " order by f.dueAt, f.id",
                            FileUpload.class)
                    .setParameter("dawn", Instant.EPOCH)
                    .setParameter("now", now)
                    .setMaxResults(limit)
                    .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                    .setHint("jakarta.persistence.lock.timeout", SKIP_LOCKED)
                    .getResultList();
            if (!due.isEmpty()) {
                em.createQuery("update FileUpload f set f.dueAt = :lease, f.version = f.version + 1 where f.id in :ids")
                        .setParameter("lease", leaseUntil)
                        .setParameter("ids", due.stream().map(FileUpload::id).toList())
                        .executeUpdate();
            }
            return due.stream()
                    .flatMap(JpaMetadataRepository::readable)
                    .map(row -> row.withDueAt(leaseUntil).withIdentity(row.id(), row.version() + 1))
                    .toList();
        });
    }

    @Override
    public List<FileRow> listByKey(String prefix, String after, int limit) {
        byte[] first = FileUpload.bytes(prefix);
        byte[] last = FileUpload.bytes(after);
        boolean atPrefix = Arrays.compareUnsigned(last, first) < 0;
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("from", atPrefix ? first : last);
        String where = " where f.fileKeyBytes " + (atPrefix ? ">=" : ">") + " :from";
        if (first.length > 0) {
            // No byte of UTF-8 is above F4, so this is less than no key that starts with the prefix.
            byte[] end = first.clone();
            end[end.length - 1]++;
            where += " and f.fileKeyBytes < :end";
            parameters.put("end", end);
        }
        String text = "select f from FileUpload f" + where + " order by f.fileKeyBytes";
        return inTransaction(
                "list by key",
                em -> rows(
                        with(em.createQuery(text, FileUpload.class), parameters).setMaxResults(limit)));
    }

    @Override
    public List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("owner", owner);
        String where = " where f.userId = :owner";
        if (after != null) {
            where += " and f.uploadedAt >= :at and (f.uploadedAt > :at or f.id > :id)";
            parameters.put("at", after.uploadedAt());
            parameters.put("id", after.id());
        }
        String text = "select f from FileUpload f" + where + " order by f.uploadedAt, f.id";
        return inTransaction(
                "list by owner",
                em -> rows(
                        with(em.createQuery(text, FileUpload.class), parameters).setMaxResults(limit)));
    }

    /** Does nothing: the factory is the host's. */
    @Override
    public void close() {}

    private static String where(RowQuery query, Map<String, Object> parameters) {
        StringBuilder where = new StringBuilder(" where f.state = :state");
        parameters.put("state", FileState.AVAILABLE.name());
        if (query.owner() != null) {
            where.append(" and f.userId = :owner");
            parameters.put("owner", query.owner());
        }
        if (query.category() != null) {
            where.append(" and f.category = :category");
            parameters.put("category", query.category().name());
        }
        where.append(" and (f.expiresAt is null or f.expiresAt > :now)");
        parameters.put("now", query.now());
        return where.toString();
    }

    private static <T> TypedQuery<T> with(TypedQuery<T> query, Map<String, Object> parameters) {
        parameters.forEach(query::setParameter);
        return query;
    }

    /** A row that was made unreadable by hand must not keep the others from the sweep. */
    private static Stream<FileRow> readable(FileUpload entity) {
        try {
            return Stream.of(entity.toRow());
        } catch (IllegalArgumentException e) {
            LOG.error("the row {} of file_uploads cannot be read, and is left as it is", entity.id(), e);
            return Stream.empty();
        }
    }

    private static List<FileRow> rows(TypedQuery<FileUpload> query) {
        return query.getResultList().stream().map(FileUpload::toRow).toList();
    }

    private <T> T inTransaction(String act, Function<EntityManager, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return inOneTransaction(work);
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !isVictim(e)) {
                    throw new MetadataException(act + ": the database failed", e);
                }
                LOG.debug("{}: gave way to another transaction, attempt {}", act, attempt, e);
            }
        }
    }

    private <T> T inOneTransaction(Function<EntityManager, T> work) {
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
}

package dev.filestore.jpa;

import dev.filestore.AdoptedRows;
import dev.filestore.Checkable;
import dev.filestore.DueRows;
import dev.filestore.FileRow;
import dev.filestore.MetadataException;
import dev.filestore.MetadataRepository;
import dev.filestore.RowQuery;
import dev.filestore.StoredCounts;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.TypedQuery;
import jakarta.persistence.metamodel.Metamodel;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
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
 * is neither joined nor waited for. A host whose transactions are JTA, or that has no factory, gives the repository a
 * {@link DataSource} that is not enlisted, and it makes one of its own. Second-level caches are passed by.
 *
 * <p>With a {@link DataSource} besides, the two changes that every upload makes, and the look at the one row that a download or
 * any other request for one file is about, are plain statements that commit by themselves, which costs fewer messages to the
 * database, and less of this process's time.
 */
public final class JpaMetadataRepository implements MetadataRepository, StoredCounts, DueRows, AdoptedRows, Checkable {

    private static final Logger LOG = LoggerFactory.getLogger(JpaMetadataRepository.class);

    private static final String UPDATE = """
            update FileUpload f set f.version = f.version + 1, f.state = :state, f.dueAt = :dueAt,
                f.attempts = :attempts, f.originalFilename = :originalFilename, f.fileSize = :fileSize,
                f.contentType = :contentType, f.sha256 = :sha256, f.objectTag = :objectTag,
                f.s3Url = :s3Url, f.cdnUrl = :cdnUrl, f.expiresAt = :expiresAt, f.pendingEvents = :pendingEvents
            where f.id = :id and f.version = :version""";

    private final Transactions transactions;
    private final @Nullable PlainStatements plain;
    private final Folds folds;
    private final Counts counts;
    private final @Nullable EntityManagerFactory own;

    /**
     * Makes a repository with an entity manager factory of its own, which {@link #close()} closes, and that uses plain
     * statements as the other one with a data source does. For hosts whose transactions are JTA, beside whatever
     * persistence units they have, and for hosts that have none. The table is that of the scripts, in the default schema
     * of the connections; nothing creates or changes it.
     *
     * @param dataSource where all connections come from; it stays the caller's. They may have auto-commit on or off, and
     *     must not belong to a transaction of the caller's: in a Jakarta EE server a data source that is not enlisted in
     *     JTA ({@code transactional = false}, {@code jta="false"})
     * @throws IllegalStateException if there is no provider of Jakarta Persistence
     * @throws MetadataException if the provider could not make a factory, as where the database does not answer
     */
    public JpaMetadataRepository(DataSource dataSource) {
        this(ownFactory(dataSource), new PlainStatements(dataSource), true);
    }

    /**
     * Makes a repository. Does not touch the database.
     *
     * @param factory where the entity managers come from; it stays the caller's, and is not closed by this repository
     * @throws IllegalArgumentException if the factory does not know the {@linkplain #entities() entities}
     */
    public JpaMetadataRepository(EntityManagerFactory factory) {
        this(factory, null, false);
    }

    /**
     * Makes a repository that inserts, changes and finds rows by plain statements. Does not touch the database.
     *
     * <p>The data source must lead to the table that the factory has, by the names that the scripts give it and its columns,
     * in the default schema of the connections. The first insert is made by the factory, and then looked for through the
     * data source: where it is not found just as it was written, this insert and the ones to come fail. The connections may
     * have auto-commit on or off; each gets it on for one statement. So they must not belong to a transaction of the
     * caller's: neither a data source that is enlisted in JTA, nor one that hands out the connection of the thread's
     * transaction, as Spring's {@code TransactionAwareDataSourceProxy}.
     *
     * @param factory where the entity managers come from; it stays the caller's, and is not closed by this repository
     * @param dataSource where the connections of the plain statements come from, best the pool of the factory; it stays the
     *     caller's, too
     * @throws IllegalArgumentException if the factory does not know the {@linkplain #entities() entities}
     */
    public JpaMetadataRepository(EntityManagerFactory factory, DataSource dataSource) {
        this(factory, new PlainStatements(dataSource), false);
    }

    private JpaMetadataRepository(EntityManagerFactory factory, @Nullable PlainStatements plain, boolean isOwn) {
        entities().forEach(entity -> requireEntity(factory.getMetamodel(), entity));
        transactions = new Transactions(factory);
        folds = new Folds(transactions);
        counts = new Counts(transactions, folds);
        this.plain = plain;
        this.own = isOwn ? factory : null;
    }

    private static EntityManagerFactory ownFactory(DataSource dataSource) {
        try {
            return DataSourceUnit.factory(dataSource);
        } catch (PersistenceException e) {
            throw new MetadataException("make an entity manager factory: the database failed", e);
        }
    }

    static void requireEntity(Metamodel metamodel, Class<?> entity) {
        if (metamodel.getEntities().stream().noneMatch(known -> known.getJavaType() == entity)) {
            throw new IllegalArgumentException("the entity manager factory does not know " + entity.getName()
                    + ": list it in persistence.xml, or add JpaMetadataRepository.entities()");
        }
    }

    /**
     * The entity classes that the factory must know. Where classes are listed as text, in {@code persistence.xml}, they
     * are {@code dev.filestore.jpa.FileUpload} and {@code dev.filestore.jpa.FileCount}; where packages are scanned,
     * {@code dev.filestore.jpa}.
     *
     * @return the classes
     */
    public static List<Class<?>> entities() {
        return List.of(FileUpload.class, FileCount.class);
    }

    @Override
    public Optional<FileRow> insert(FileRow row) {
        try {
            return Optional.of(insertNew("insert " + row.key(), row));
        } catch (MetadataException e) {
            if (Transactions.isConstraintViolation(e) && isTaken(row.key(), e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private FileRow insertNew(String act, FileRow row) {
        if (plain != null && plain.areProven()) {
            return Transactions.repeated(act, () -> plain.insert(row));
        }
        FileRow inserted = transactions.run(act, em -> {
            FileUpload entity = new FileUpload(row);
            em.persist(entity);
            return entity.toRow();
        });
        if (plain != null && !Transactions.repeated(act, () -> plain.prove(inserted))) {
            throw new MetadataException(
                    act + ": the data source does not find the row that the entity manager factory has written;"
                            + " both must lead to the same table, in the default schema, named as in the script",
                    null);
        }
        return inserted;
    }

    @Override
    public Optional<FileRow> insertAdopted(FileRow row, LongFunction<@Nullable URI> url) {
        try {
            return Optional.of(transactions.run("adopt " + row.key(), em -> Adopted.insert(em, row, url)));
        } catch (MetadataException e) {
            if (Transactions.isConstraintViolation(e)
                    && (isTaken(row.key(), e) || (row.id() > 0 && isTaken(row.id(), e)))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The table must be named as in the scripts, in the default schema of the connections. H2 needs the right to alter the
     * table, PostgreSQL that to update the table and to read and update its sequence; MariaDB and MySQL none more.
     */
    @Override
    public void reserveIds(long highest) {
        try {
            transactions.run("reserve ids", em -> {
                Identities.reserve(em, highest);
                return true;
            });
        } catch (MetadataException e) {
            // A row that was inserted meanwhile under that very id has done the same.
            if (!Transactions.isConstraintViolation(e) || !isTaken(highest, e)) {
                throw e;
            }
        }
    }

    private boolean isTaken(long id, MetadataException reason) {
        try {
            return find(id).isPresent();
        } catch (MetadataException e) {
            reason.addSuppressed(e);
            return false;
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

    @Override
    public Optional<FileRow> find(long id) {
        String act = "find " + id;
        if (plain != null && plain.areProven()) {
            return Transactions.repeated(act, () -> plain.find(id));
        }
        return transactions.run(
                act, em -> Optional.ofNullable(em.find(FileUpload.class, id)).map(FileUpload::toRow));
    }

    @Override
    public Optional<FileRow> findByKey(String key) {
        return transactions.run(
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
        String act = "change " + next.id();
        boolean changed = (plain != null && plain.areProven())
                ? Transactions.repeated(act, () -> plain.update(next))
                : transactions.run(act, em -> update(em, next) == 1);
        return changed ? Optional.of(next.withIdentity(next.id(), next.version() + 1)) : Optional.empty();
    }

    private static int update(EntityManager em, FileRow next) {
        return em.createQuery(UPDATE)
                .setParameter("state", next.state().name())
                .setParameter("dueAt", next.dueAt())
                .setParameter("attempts", next.attempts())
                .setParameter("originalFilename", next.originalFilename())
                .setParameter("fileSize", next.size())
                .setParameter("contentType", next.contentType())
                .setParameter("sha256", next.sha256())
                .setParameter("objectTag", next.objectTag())
                .setParameter("s3Url", FileUpload.text(next.url()))
                .setParameter("cdnUrl", FileUpload.text(next.cdnUrl()))
                .setParameter("expiresAt", next.expiresAt())
                .setParameter("pendingEvents", next.pendingEvents().name())
                .setParameter("id", next.id())
                .setParameter("version", next.version())
                .executeUpdate();
    }

    @Override
    public boolean remove(FileRow row) {
        return transactions.run("remove " + row.id(), em -> {
            int removed = em.createQuery("delete from FileUpload f where f.id = :id and f.version = :version")
                    .setParameter("id", row.id())
                    .setParameter("version", row.version())
                    .executeUpdate();
            if (removed == 1) {
                Counts.removed(em, row);
            }
            return removed == 1;
        });
    }

    @Override
    public List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit) {
        if (offset > Integer.MAX_VALUE) {
            // More than Jakarta Persistence can pass over, and than such a list has.
            return List.of();
        }
        VisibleFiles files = new VisibleFiles(query);
        if (after != null) {
            files.after(after);
        }
        return transactions.run("list", em -> files.page(em, (int) offset, limit));
    }

    @Override
    public long count(RowQuery query) {
        return counts.count(query);
    }

    @Override
    public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
        return transactions.run("claim", em -> {
            // A range without a beginning would begin, in H2's index, with all the rows that are never due.
            List<FileUpload> due = em.createQuery(
                            "select f from FileUpload f where f.dueAt >= :dawn and f.dueAt <= :now"
                                    + " order by f.dueAt, f.id",
                            FileUpload.class)
                    .setParameter("dawn", Instant.EPOCH)
                    .setParameter("now", now)
                    .setMaxResults(limit)
                    .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                    .setHint("jakarta.persistence.lock.timeout", Transactions.SKIP_LOCKED)
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
    public Backlog due(Instant now, int limit) {
        List<Instant> due = transactions.run(
                "look for due rows",
                em -> em.createQuery(
                                "select f.dueAt from FileUpload f where f.dueAt >= :dawn and f.dueAt <= :now"
                                        + " order by f.dueAt",
                                Instant.class)
                        .setParameter("dawn", Instant.EPOCH)
                        .setParameter("now", now)
                        .setMaxResults(limit)
                        .getResultList());
        return new Backlog(due.size(), due.isEmpty() ? null : due.get(0));
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
        return transactions.run(
                "list by key",
                em -> rows(
                        with(em.createQuery(text, FileUpload.class), parameters).setMaxResults(limit)));
    }

    @Override
    public List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit) {
        return transactions.run("list by owner", em -> OwnerRows.list(em, owner, after, limit));
    }

    @Override
    public List<Scope> scopes(@Nullable Scope after, int limit) {
        return folds.scopes(after, limit);
    }

    @Override
    public Optional<Comparison> compare(Scope scope) {
        return folds.compare(scope);
    }

    @Override
    public boolean reset(Scope scope) {
        return folds.reset(scope);
    }

    /** Looks at the connection, the clock, and by the database's own catalogue at tables, columns and indexes. */
    @Override
    public List<Step> looks(Probe probe) {
        return new DatabaseCheck(transactions).looks(probe.clock());
    }

    /** Returns none: all is tried by the methods that every repository has. */
    @Override
    public List<Step> trials(Probe probe) {
        return List.of();
    }

    @Override
    public Optional<String> cure(Act act, Exception failure) {
        return DatabaseCheck.cure(failure);
    }

    /** Closes the factory if it is the repository's own, and does nothing else. Repeatable. */
    @Override
    public void close() {
        if (own != null && own.isOpen()) {
            own.close();
        }
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
}

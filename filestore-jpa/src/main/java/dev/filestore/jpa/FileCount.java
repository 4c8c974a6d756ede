package dev.filestore.jpa;

import dev.filestore.Category;
import dev.filestore.StoredCounts;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of any state an owner has that were uploaded before a moment, of one category or of all. Written once
 * and then only by bulk statements, so it never changes in memory.
 */
@Entity(name = "FileCount")
@Table(name = "file_counts")
@IdClass(FileCount.Scope.class)
@Cacheable(false)
class FileCount {

    /** Stands for all categories; no category is named so. */
    private static final String ALL = "*";

    @Id
    @Column(name = "user_id", nullable = false, length = 255)
    private String userId;

    @Id
    @Column(name = "category", nullable = false, length = 32)
    private String category;

    @Column(name = "files", nullable = false)
    private long files;

    @Column(name = "counted_until", nullable = false)
    private Instant countedUntil;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    /** For the persistence provider, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected FileCount() {}

    /** Has counted nothing yet. */
    FileCount(StoredCounts.Scope scope, Instant now) {
        userId = scope.owner();
        category = name(scope.category());
        files = 0;
        countedUntil = Instant.EPOCH;
        createdAt = now;
    }

    static String name(@Nullable Category category) {
        return category == null ? ALL : category.name();
    }

    static @Nullable Category category(String name) {
        return name.equals(ALL) ? null : new Category(name);
    }

    Instant countedUntil() {
        return countedUntil;
    }

    Instant createdAt() {
        return createdAt;
    }

    StoredCounts.Scope scope() {
        return new StoredCounts.Scope(userId, category(category));
    }

    /** The primary key. */
    static class Scope implements Serializable {

        private static final long serialVersionUID = 1;

        private @Nullable String userId;
        private @Nullable String category;

        protected Scope() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Scope scope
                    && Objects.equals(userId, scope.userId)
                    && Objects.equals(category, scope.category);
        }

        @Override
        public int hashCode() {
            return Objects.hash(userId, category);
        }
    }
}

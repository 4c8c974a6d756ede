package dev.filestore.jpa;

import dev.filestore.FileState;
import dev.filestore.StoredCounts;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Statements about the rows that one stored count is of, and about that count. Each looks up one range of an index. */
final class ScopeQueries {

    /** The row of the count. */
    static final String THE_COUNT = " FileCount c where c.userId = :owner and c.category = :scope";

    /** The first of the states other than available, in the order of their names. */
    private static final String OTHERS = Arrays.stream(FileState.values())
            .filter(state -> state != FileState.AVAILABLE)
            .map(Enum::name)
            .min(Comparator.naturalOrder())
            .orElseThrow();

    private final EntityManager em;
    private final StoredCounts.Scope scope;
    private final String category;

    ScopeQueries(EntityManager em, StoredCounts.Scope scope) {
        this.em = em;
        this.scope = scope;
        this.category = scope.category() == null ? "" : " and f.category = :category";
    }

    /** A subquery: how many rows there are of files that are available, or have just expired. */
    String available(String condition) {
        return "(select count(f.id) from FileUpload f where f.userId = :owner and f.state = :available" + category
                + condition + ")";
    }

    /** A subquery: how many of those have expired. */
    String expired() {
        // A range without a beginning would begin, in H2's index, with all the rows that never expire. And H2 would
        // walk all
        // of a longer index in which it found every column: so there is one that is in none.
        return available(" and f.expiresAt >= :dawn and f.expiresAt <= :now and f.version >= 0");
    }

    /** A subquery: how many rows there are in all other states, as one range: they come last in the alphabet. */
    String others(String condition) {
        return "(select count(f.id) from FileUpload f where f.userId = :owner and f.state >= :others" + category
                + condition + ")";
    }

    /** The upload times of available rows, oldest first. */
    String times(String condition) {
        String order = scope.category() == null ? "" : "f.category, ";
        return "select f.uploadedAt from FileUpload f where f.userId = :owner and f.state = :available" + category
                + condition + " order by f.userId, f.state, " + order + "f.uploadedAt, f.id";
    }

    /** Gives those parameters their values that the text has. */
    Query query(String text, Map<String, ?> parameters) {
        Map<String, Object> values = new HashMap<>(parameters);
        values.put("owner", scope.owner());
        values.put("scope", FileCount.name(scope.category()));
        values.put("available", VisibleFiles.AVAILABLE);
        values.put("others", OTHERS);
        if (scope.category() != null) {
            values.put("category", scope.category().name());
        }
        Query query = em.createQuery(text);
        query.getParameters()
                .forEach(parameter -> query.setParameter(parameter.getName(), values.get(parameter.getName())));
        return query;
    }

    /** The numbers in the only row that is found, or in none. */
    List<long[]> numbers(String text, Map<String, ?> parameters) {
        List<?> found = query(text, parameters).getResultList();
        return found.stream()
                .map(Object[].class::cast)
                .map(ScopeQueries::numbers)
                .toList();
    }

    private static long[] numbers(Object[] row) {
        long[] numbers = new long[row.length];
        for (int i = 0; i < row.length; i++) {
            numbers[i] = ((Number) row[i]).longValue();
        }
        return numbers;
    }
}

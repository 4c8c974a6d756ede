package dev.filestore;

import static dev.filestore.AuditFinding.Kind.WRONG_COUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an audit makes of the counts that a repository keeps. */
class AuditCountsTest {

    private static final Instant UNTIL = Instant.parse("2026-02-26T14:30:22Z");
    private static final int SCOPES = 2_500;

    /** The counts of many owners; each is what the map says, and ought to be 5. */
    private static final class Counting extends ForwardingMetadata implements StoredCounts {

        final Map<String, Long> counts = new TreeMap<>();
        final List<Integer> pages = new ArrayList<>();

        Counting() {
            super(new MemoryMetadata());
            IntStream.range(0, SCOPES).forEach(i -> counts.put("user-" + i, 5L));
        }

        @Override
        public List<Scope> scopes(@Nullable Scope after, int limit) {
            List<Scope> page = counts.keySet().stream()
                    .filter(owner -> after == null || owner.compareTo(after.owner()) > 0)
                    .limit(limit)
                    .map(owner -> new Scope(owner, Category.IMAGE))
                    .toList();
            pages.add(page.size());
            return page;
        }

        @Override
        public Optional<Comparison> compare(Scope scope) {
            return Optional.ofNullable(counts.get(scope.owner())).map(stored -> new Comparison(stored, 5, UNTIL));
        }

        @Override
        public boolean reset(Scope scope) {
            return counts.put(scope.owner(), 5L) != null;
        }
    }

    private final Counting metadata = new Counting();
    private final List<AuditFinding> findings = new ArrayList<>();
    private final FileStore store =
            FileStore.builder().storage(new MemoryStorage()).metadata(metadata).build();

    private Audit audit() {
        return Audit.of("uploads/").withFindings(findings::add);
    }

    @Test
    void audit_rightCounts_isCleanAndLooksAtAll() {
        assertThat(store.audit(audit()).isClean()).isTrue();
        assertThat(metadata.pages).containsExactly(1_000, 1_000, 500);
    }

    @Test
    void audit_wrongCount_isReportedAndLeftAlone() {
        metadata.counts.put("user-77", 4L);

        AuditReport report = store.audit(audit());

        assertThat(report.found()).containsEntry(WRONG_COUNT, 1L);
        assertThat(findings)
                .containsExactly(new AuditFinding(
                        WRONG_COUNT, null, null, 4L, 5L, UNTIL, new StoredCounts.Scope("user-77", Category.IMAGE)));
        assertThat(metadata.counts).containsEntry("user-77", 4L);
    }

    @Test
    void apply_wrongCounts_areCountedAnewUpToTheCap() {
        for (int i = 0; i < 5; i++) {
            metadata.counts.put("user-" + i, -1L);
        }

        AuditReport report = store.audit(audit().withApply(Set.of(WRONG_COUNT), 3));
        assertThat(report.applied()).isEqualTo(3);
        assertThat(report.stop()).isEqualTo(AuditReport.Stop.CAP);

        assertThat(store.audit(audit().withApply(Set.of(WRONG_COUNT), 3)).applied())
                .isEqualTo(2);
        assertThat(store.audit(audit()).isClean()).isTrue();
    }

    @Test
    void apply_countThatIsRightByThen_isLeftAlone() {
        metadata.counts.put("user-1", 4L);

        AuditReport report = store.audit(audit().withFindings(finding -> metadata.counts.put("user-1", 5L))
                .withApply(Set.of(WRONG_COUNT), 3));

        assertThat(report.found()).containsEntry(WRONG_COUNT, 1L);
        assertThat(report.applied()).isZero();
    }
}

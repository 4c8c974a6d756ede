package dev.filestore.examples.reliability.killer;

import dev.filestore.Audit;
import dev.filestore.AuditReport;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.SettableClock;
import dev.filestore.SweepReport;
import dev.filestore.examples.environment.Backends;
import dev.filestore.s3.S3ProxyServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Sweeps with a clock of its own until nothing is due, and compares what is there then with the ledger. */
final class Checkup {

    /** Each step lets the leases and graces run out that the last one left. */
    private static final Duration STEP = Duration.ofMinutes(70);

    /** Beyond every TTL that clients ask for. */
    private static final Duration PAST_ALL_TTLS = Duration.ofHours(100);

    private static final int MOST_STEPS = 10;

    private final Servers servers;
    private final Ledger ledger;
    private final Figures figures;
    private final List<String> violations = new ArrayList<>();

    Checkup(Servers servers, Ledger ledger, Figures figures) {
        this.servers = servers;
        this.ledger = ledger;
        this.figures = figures;
    }

    /**
     * Runs it. Nothing else may be under way.
     *
     * @param last whether the time of all temporary files may come too
     * @return the promises that were broken
     */
    List<String> run(boolean last) throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        try (Backends backends = servers.backends();
                FileStore store = backends.builder().clock(clock).build()) {
            Comparison comparison = compare(backends, store, clock);
            figures.set("uploads recovered", comparison.unknown(true));
            figures.set("uploads given up", comparison.unknown(false));
            comparison.settle();
            violations.addAll(new ReadBack(servers.nodes()).violations(ledger, clock.instant()));
            if (last) {
                clock.advance(PAST_ALL_TTLS);
                compare(backends, store, clock).settle();
                violations.addAll(new ReadBack(servers.nodes()).violations(ledger, clock.instant()));
            }
        }
        return violations;
    }

    private Comparison compare(Backends backends, FileStore store, SettableClock clock) throws IOException {
        for (int step = 0; step < MOST_STEPS && (step == 0 || !isAtRest(backends)); step++) {
            clock.advance(STEP);
            SweepReport report = store.sweep();
            figures.add("swept: uploads given up", report.abandoned());
            figures.add("swept: files expired", report.expired());
            figures.add("swept: rows removed", report.removed());
            figures.add("swept: attempts failed", report.failed());
        }
        Comparison comparison =
                new Comparison(ledger, clock.instant(), backends.metadata(), backends.storage(), openUploads());
        violations.addAll(comparison.violations());
        audit(store);
        return comparison;
    }

    /** The library's own audit has to come to the same end. */
    private void audit(FileStore store) {
        Audit audit = Audit.of("")
                .withGrace(Audit.SHORTEST_GRACE)
                .withFindings(finding -> violations.add("AUDIT: " + finding));
        AuditReport report = store.audit(audit);
        figures.set("objects of the last audit", report.objects());
        if (!report.isClean() || report.objects() != report.rows()) {
            violations.add("AUDIT: " + report);
        }
    }

    private static boolean isAtRest(Backends backends) {
        return backends.metadata().listByKey("", "", Integer.MAX_VALUE).stream()
                .allMatch(row -> row.state() == FileState.AVAILABLE);
    }

    private List<String> openUploads() {
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create(servers.environment().get("AWS_ENDPOINT_URL_S3")))
                .forcePathStyle(true)
                .region(Region.of(S3ProxyServer.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3ProxyServer.ACCESS_KEY_ID, S3ProxyServer.SECRET_ACCESS_KEY)))
                .build()) {
            return client.listMultipartUploads(request -> request.bucket(S3ProxyServer.BUCKET)).uploads().stream()
                    .map(upload -> upload.key() + " " + upload.uploadId())
                    .toList();
        }
    }
}

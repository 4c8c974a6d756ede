package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.jpa.Databases;
import dev.filestore.servlet.RateLimits;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that count together, in one PostgreSQL: what one user may is what both allow, exactly. */
class SharedRateLimitsIT {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String TABLE =
            "create unlogged table rate_limits (id varchar(64) primary key, state bytea, expires_at bigint)";
    private static final RateLimits LIMITS =
            RateLimits.standard().withUpload(7).withList(23).withDelete(5).withOther(11);
    private static final int MOST_LISTS = Operation.LIST.limit;
    private static final int THREADS = 8;

    @TempDir
    private Path folder;

    private Databases.Database database;

    /** What is counted for itself. */
    private enum Operation {
        UPLOAD("POST", "/upload", 7),
        LIST("GET", "", 23),
        DELETE("DELETE", "/999999999", 5),
        OTHER("GET", "/999999999", 11);

        private final String method;
        private final String path;
        private final int limit;

        Operation(String method, String path, int limit) {
            this.method = method;
            this.path = path;
            this.limit = limit;
        }
    }

    /** A time that stands still, so that no minute ends while a test goes on. */
    private record StandingTime(long millis) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return millis * 1_000_000;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }

    /** One of the servers, with connections of its own. */
    private final class Node implements AutoCloseable {

        private final HikariDataSource pool;
        private final EmbeddedTarget target;

        Node(TimeMeter clock) throws Exception {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(database.url());
            config.setUsername(database.user());
            config.setPassword(database.password());
            config.setMaximumPoolSize(4);
            config.setConnectionTimeout(2_000);
            pool = new HikariDataSource(config);
            target = new EmbeddedTarget(
                    Map.of(
                            "DATA_DIR", folder.toString(),
                            "DATABASE_URL", database.url(),
                            "DATABASE_USER", database.user(),
                            "DATABASE_PASSWORD", database.password()),
                    LIMITS.withSharedBuckets(buckets(pool, clock)),
                    Clock.systemUTC());
        }

        HttpResponse<String> send(String user, Operation operation) throws Exception {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(target.base() + operation.path))
                            .header("Authorization", "Bearer " + target.token(user))
                            .method(operation.method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        int allowed(String user, int requests) throws Exception {
            int allowed = 0;
            for (int i = 0; i < requests; i++) {
                allowed += send(user, Operation.LIST).statusCode() == 200 ? 1 : 0;
            }
            return allowed;
        }

        @Override
        public void close() {
            target.close();
            pool.close();
        }
    }

    private static PostgreSQLSelectForUpdateBasedProxyManager<String> buckets(DataSource dataSource, TimeMeter clock) {
        return Bucket4jPostgreSQL.selectForUpdateBasedBuilder(dataSource)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("rate_limits")
                .requestTimeout(Duration.ofSeconds(2))
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .clientClock(clock)
                .build();
    }

    @BeforeEach
    void makeTable() throws SQLException {
        database = Databases.postgres().withTable();
        database.run(TABLE);
    }

    @Test
    void requests_toTwoServersAtOnce_areCountedExactly() throws Exception {
        TimeMeter clock = new StandingTime(System.currentTimeMillis());
        List<String> users = List.of("ann", "bob", "x".repeat(200) + "'; drop table rate_limits");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Node one = new Node(clock);
                Node other = new Node(clock)) {
            for (String user : users) {
                for (Operation operation : Operation.values()) {
                    List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                    for (int i = 0; i < 2 * operation.limit + THREADS; i++) {
                        Node node = i % 2 == 0 ? one : other;
                        answers.add(threads.submit(() -> node.send(user, operation)));
                    }
                    List<Long> remaining = new ArrayList<>();
                    for (Future<HttpResponse<String>> answer : answers) {
                        collect(answer.get(), operation, remaining);
                    }
                    assertThat(remaining)
                            .as("%s of %.10s", operation, user)
                            .containsExactlyInAnyOrderElementsOf(
                                    LongStream.range(0, operation.limit).boxed().toList());
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(keys())
                .hasSize(users.size() * Operation.values().length)
                .allMatch(key -> key.matches("(upload\\.7|list\\.23|delete\\.5|other\\.11)\\.[A-Za-z0-9_-]{43}"));
    }

    /** Takes what was left behind a request that was let through; the fields are those of the count, whoever answers. */
    private static void collect(HttpResponse<String> answer, Operation operation, List<Long> remaining) {
        String name = operation.name().toLowerCase(java.util.Locale.ROOT);
        long left = answer.headers().firstValueAsLong("RateLimit-Remaining").orElseThrow();
        assertThat(answer.headers().firstValue("RateLimit-Limit")).hasValue(Integer.toString(operation.limit));
        assertThat(answer.headers().firstValue("RateLimit-Policy"))
                .hasValue("\"" + name + "\";q=" + operation.limit + ";w=60");
        assertThat(answer.headers().firstValue("RateLimit").orElseThrow())
                .startsWith("\"" + name + "\";r=" + left + ";t=");
        if (answer.statusCode() == 429) {
            assertThat(left).isZero();
            assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 60L);
        } else {
            assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
            remaining.add(left);
        }
    }

    /** A minute that one server's clock has seen already is over for all; it gives no more than that one minute. */
    @Test
    void requests_toAServerWhoseClockIsAMinuteAhead_gainOneMinuteOnce() throws Exception {
        long now = System.currentTimeMillis();
        try (Node behind = new Node(new StandingTime(now));
                Node ahead = new Node(new StandingTime(now + 60_000))) {
            assertThat(behind.allowed("ann", MOST_LISTS + 2)).isEqualTo(MOST_LISTS);
            assertThat(ahead.allowed("ann", MOST_LISTS + 2)).isEqualTo(MOST_LISTS);
            assertThat(behind.allowed("ann", MOST_LISTS)).isZero();
            assertThat(ahead.allowed("ann", MOST_LISTS)).isZero();
        }
    }

    @Test
    void requests_whileTheDatabaseOfTheBucketsIsGone_areCountedByEachServer() throws Exception {
        TimeMeter clock = new StandingTime(System.currentTimeMillis());
        try (Node one = new Node(clock);
                Node other = new Node(clock)) {
            assertThat(one.allowed("ann", 5)).isEqualTo(5);
            one.pool.close();
            other.pool.close();

            assertThat(one.allowed("ann", MOST_LISTS + 5)).isEqualTo(MOST_LISTS);
            assertThat(other.allowed("ann", MOST_LISTS + 5)).isEqualTo(MOST_LISTS);
        }
    }

    @Test
    void buckets_thatNobodyUses_goFromTheTable() throws Exception {
        try (Node node = new Node(TimeMeter.SYSTEM_MILLISECONDS)) {
            for (int i = 0; i < 30; i++) {
                node.send("user" + i, Operation.LIST);
            }
            PostgreSQLSelectForUpdateBasedProxyManager<String> buckets =
                    buckets(node.pool, TimeMeter.SYSTEM_MILLISECONDS);
            assertThat(buckets.removeExpired(1_000)).isZero();
            assertThat(keys()).hasSize(30);

            // A minute until they are full, and one more.
            database.run("update rate_limits set expires_at = expires_at - 120000");
            assertThat(buckets.removeExpired(1_000)).isEqualTo(30);
            assertThat(keys()).isEmpty();
        }
    }

    private List<String> keys() throws SQLException {
        List<String> keys = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from rate_limits")) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        return Collections.unmodifiableList(keys);
    }
}

package dev.filestore.examples.webapp;

import dev.filestore.jpa.Databases;
import dev.filestore.s3.S3ProxyServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3ProxyAndPostgresIT extends StackContract {

    private static S3ProxyServer s3;
    private static Databases.Database database;

    @BeforeAll
    static void start() throws Exception {
        s3 = S3ProxyServer.inMemory();
        database = Databases.postgres();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Override
    Map<String, String> environment() {
        return Map.of(
                "DATABASE_URL", database.url(),
                "DATABASE_USER", database.user(),
                "DATABASE_PASSWORD", database.password(),
                "AWS_S3_BUCKET", S3ProxyServer.BUCKET,
                "AWS_S3_REGION", S3ProxyServer.REGION,
                "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", S3ProxyServer.ACCESS_KEY_ID,
                "AWS_SECRET_ACCESS_KEY", S3ProxyServer.SECRET_ACCESS_KEY,
                "CLOUDFRONT_DOMAIN", EmbeddedTarget.CDN_DOMAIN);
    }
}

package dev.filestore.examples.webapp;

import dev.filestore.jpa.Databases;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3MockAndMariaDbIT extends StackContract {

    private static S3MockProcess s3;
    private static Databases.Database database;

    @BeforeAll
    static void start() throws Exception {
        s3 = S3MockProcess.start();
        database = Databases.mariadb();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Override
    Map<String, String> environment() {
        return Map.of(
                "DATABASE_URL",
                database.url(),
                "DATABASE_USER",
                database.user(),
                "DATABASE_PASSWORD",
                database.password(),
                "AWS_S3_BUCKET",
                S3MockProcess.BUCKET,
                "AWS_S3_REGION",
                "us-east-1",
                "AWS_ENDPOINT_URL_S3",
                s3.endpoint(),
                "AWS_ACCESS_KEY_ID",
                "any",
                "AWS_SECRET_ACCESS_KEY",
                "any",
                "CLOUDFRONT_DOMAIN",
                EmbeddedTarget.CDN_DOMAIN);
    }
}

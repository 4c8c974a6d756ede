package dev.filestore.examples.benchmarks.peers;

import dev.filestore.examples.benchmarks.subject.Clients;
import io.awspring.cloud.s3.InMemoryBufferingS3OutputStreamProvider;
import io.awspring.cloud.s3.Jackson2JsonS3ObjectConverter;
import io.awspring.cloud.s3.PropertiesS3ObjectContentTypeResolver;
import io.awspring.cloud.s3.S3Template;
import java.net.URI;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** {@code S3Template} with what its auto-configuration chooses. */
final class SpringCloudAws {

    private SpringCloudAws() {}

    static Peer.Library library(URI endpoint) {
        S3Client client = Clients.defaults(endpoint);
        S3Template template = new S3Template(
                client,
                new InMemoryBufferingS3OutputStreamProvider(client, new PropertiesS3ObjectContentTypeResolver()),
                new Jackson2JsonS3ObjectConverter(new com.fasterxml.jackson.databind.ObjectMapper()),
                S3Presigner.builder()
                        .region(Region.of(Clients.REGION))
                        .credentialsProvider(Clients.CREDENTIALS)
                        .build());
        return (key, content) -> template.upload(Clients.BUCKET, key, content);
    }
}

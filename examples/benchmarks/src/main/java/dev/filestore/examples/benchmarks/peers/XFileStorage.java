package dev.filestore.examples.benchmarks.peers;

import dev.filestore.examples.benchmarks.subject.Clients;
import java.net.URI;
import java.util.List;
import org.dromara.x.file.storage.core.FileStorageProperties;
import org.dromara.x.file.storage.core.FileStorageProperties.AmazonS3V2Config;
import org.dromara.x.file.storage.core.FileStorageService;
import org.dromara.x.file.storage.core.FileStorageServiceBuilder;

/** A file storage service on the SDK of version 2. */
final class XFileStorage {

    private static final String PLATFORM = "s3";

    private XFileStorage() {}

    static Peer.Library library(URI endpoint) {
        AmazonS3V2Config bucket = new AmazonS3V2Config();
        bucket.setPlatform(PLATFORM);
        bucket.setAccessKey(Clients.CREDENTIALS.resolveCredentials().accessKeyId());
        bucket.setSecretKey(Clients.CREDENTIALS.resolveCredentials().secretAccessKey());
        bucket.setRegion(Clients.REGION);
        bucket.setEndPoint(endpoint.toString());
        bucket.setBucketName(Clients.BUCKET);
        bucket.setDomain(endpoint + "/");
        bucket.setBasePath("");
        FileStorageProperties properties = new FileStorageProperties();
        properties.setDefaultPlatform(PLATFORM);
        properties.setAmazonS3V2(List.of(bucket));
        FileStorageService service =
                FileStorageServiceBuilder.create(properties).useDefault().build();
        return (key, content) -> service.of(content, "report.pdf", "application/pdf")
                .setSaveFilename(key.substring(key.indexOf('/') + 1))
                .upload();
    }
}

package dev.filestore.examples.benchmarks.peers;

import dev.filestore.examples.benchmarks.subject.Clients;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.content.commons.annotations.ContentId;
import org.springframework.content.commons.annotations.ContentLength;
import org.springframework.content.s3.config.EnableS3Stores;
import org.springframework.content.s3.store.S3ContentStore;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.s3.S3Client;

/** A content store in an application context. */
public final class SpringContent {

    private SpringContent() {}

    /** What the content belongs to. */
    public static final class Document {

        @ContentId
        private @Nullable String contentId;

        @ContentLength
        private @Nullable Long contentLength;

        public @Nullable String getContentId() {
            return contentId;
        }

        public void setContentId(@Nullable String contentId) {
            this.contentId = contentId;
        }

        public @Nullable Long getContentLength() {
            return contentLength;
        }

        public void setContentLength(@Nullable Long contentLength) {
            this.contentLength = contentLength;
        }
    }

    /** The store, which the library implements. */
    public interface Documents extends S3ContentStore<Document, String> {}

    /** Nothing but the stores of this package. */
    @Configuration(proxyBeanMethods = false)
    @EnableS3Stores(basePackageClasses = SpringContent.class)
    public static class Stores {}

    static Peer.Library library(URI endpoint) {
        System.setProperty("spring.content.s3.bucket", Clients.BUCKET);
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(S3Client.class, () -> Clients.defaults(endpoint));
        context.register(Stores.class);
        context.refresh();
        Documents documents = context.getBean(Documents.class);
        return (key, content) -> documents.setContent(new Document(), content);
    }
}

package dev.filestore.examples.webapp;

import dev.filestore.Caller;
import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import dev.filestore.Sweeper;
import dev.filestore.UploadRequest;
import dev.filestore.UserFiles;
import dev.filestore.jpa.JpaMetadataRepository;
import dev.filestore.jpa.TransactionalFiles;
import dev.filestore.s3.S3Settings;
import dev.filestore.s3.S3StorageBackend;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.JwtAccessPolicy;
import dev.filestore.servlet.RateLimits;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The Java of the README, between its marks, so that it is compiled. {@link ReadmeIT} compares the two. */
final class ReadmeSnippets {

    private ReadmeSnippets() {}

    static URI embedded(EntityManagerFactory entityManagerFactory, InputStream stream) {
        // README 1
        FileStore store = FileStore.builder()
                .storage(new S3StorageBackend(S3Settings.fromEnvironment(System.getenv())))
                .metadata(new JpaMetadataRepository(entityManagerFactory))
                .build();
        UserFiles files = store.as(Caller.user("123"));
        StoredFile file = files.upload(UploadRequest.of("report.pdf", stream).withTtl(Duration.ofDays(30)));
        URI address = files.presign(file.id(), Duration.ofHours(1)).url();
        files.delete(file.id());
        // end
        return address;
    }

    static Sweeper mounted(FileStore store, byte[] jwtSecret, ServletContext servletContext) {
        // README 2
        JwtAccessPolicy access = JwtAccessPolicy.builder().hs256(jwtSecret).build();
        FileStoreServlet servlet = FileStoreServlet.builder(store, access)
                .rateLimits(RateLimits.standard().withUpload(30))
                .build();
        servletContext.addServlet("files", servlet).addMapping("/api/files/*");
        Sweeper sweeper = Sweeper.start(store, Duration.ofMinutes(1));
        // end
        return sweeper;
    }

    /** An entity of the application. */
    interface Invoice {
        Object withAttachment(long fileId);
    }

    static void inTransaction(FileStore store, EntityManager em, Invoice invoice, InputStream stream) {
        // README 3
        StoredFile scan = store.upload(
                UploadRequest.of("scan.pdf", stream).withOwner("123").withTtl(Duration.ofHours(1)));
        EntityTransaction transaction = em.getTransaction();
        transaction.begin();
        em.persist(invoice.withAttachment(scan.id()));
        new TransactionalFiles().keep(em, scan.id());
        transaction.commit();
        // end
    }

    static void batch(FileStore store, Path folder) throws IOException {
        // README 4
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                try {
                    store.upload(UploadRequest.of(path).withOwner("123"));
                } catch (FileRefusedException e) {
                    System.err.println(path + ": " + e.getMessage());
                }
            }
        }
        store.sweep();
        // end
    }
}

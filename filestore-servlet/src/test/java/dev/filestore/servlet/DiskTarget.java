package dev.filestore.servlet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.filestore.Audit;
import dev.filestore.AuditReport;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import dev.filestore.local.LocalStorage;
import dev.filestore.memory.MemoryMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A store on disk behind a servlet in some container, whose folders, rows and log can be looked at. */
final class DiskTarget implements AutoCloseable {

    private final Path sandbox;
    private final Path root;
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final LocalStorage storage;
    private final FileStore store;
    private final ServletServer server;
    private final LogLines log = new LogLines(Level.INFO);

    DiskTarget(ServletServer server) {
        try {
            this.sandbox = Files.createTempDirectory("sandbox");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.root = sandbox.resolve("root");
        this.storage = new LocalStorage(root);
        this.server = server;
        this.store = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .signedUrls(server.base())
                .clock(Clock.systemUTC())
                .build();
        AccessPolicy access =
                JwtAccessPolicy.builder().hs256(MemoryTarget.SECRET).build();
        server.start(FileStoreServlet.builder(store, access).build());
    }

    URI base() {
        return server.base();
    }

    Wire as(String userId) {
        return new Wire(base(), MemoryTarget.token(userId, "user", Instant.now().plusSeconds(3600)));
    }

    Wire anonymous() {
        return new Wire(base(), null);
    }

    MetadataRepository metadata() {
        return metadata;
    }

    StorageBackend storage() {
        return storage;
    }

    /** Compares all rows to all objects, as if two hours had passed: nothing is too young to be found wrong. */
    AuditReport audit() {
        try (FileStore later = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))
                .build()) {
            return later.audit(Audit.of("").withGrace(Audit.SHORTEST_GRACE));
        }
    }

    /** What lies in the folder around the storage's root; only that root should. */
    List<Path> besideTheRoot() {
        return list(sandbox, 1).filter(path -> !path.equals(root)).toList();
    }

    /** All files below the root, and links or whatever else is no folder, relative to where objects are. */
    List<String> files() {
        Path objects = root.resolve("objects");
        return list(root, Integer.MAX_VALUE)
                .filter(path -> !Files.isDirectory(path))
                .map(path -> objects.toUri().relativize(path.toUri()).getPath())
                .toList();
    }

    private static Stream<Path> list(Path folder, int depth) {
        try (Stream<Path> paths = Files.walk(folder, depth)) {
            return paths.filter(path -> !path.equals(folder)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that were logged of a request, all of which end when it does. */
    List<ILoggingEvent> logged(String requestId) {
        try {
            List<ILoggingEvent> events = new ArrayList<>();
            while (true) {
                ILoggingEvent event = log.next();
                if (requestId.equals(event.getMDCPropertyMap().get("request_id"))) {
                    events.add(event);
                    if (event.getFormattedMessage().startsWith("request_id=")) {
                        return events;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        store.close();
        log.close();
        list(sandbox, Integer.MAX_VALUE)
                .sorted(Comparator.reverseOrder())
                .forEach(path -> path.toFile().delete());
        sandbox.toFile().delete();
    }
}

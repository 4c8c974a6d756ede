package dev.filestore.examples.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the files that appear in the folder for temporary ones, however short they live. */
final class TemporaryFiles {

    private final AtomicLong made = new AtomicLong();

    private TemporaryFiles() {}

    static TemporaryFiles watch() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        WatchService events = folder.getFileSystem().newWatchService();
        folder.register(events, StandardWatchEventKinds.ENTRY_CREATE);
        TemporaryFiles files = new TemporaryFiles();
        Thread thread = new Thread(() -> files.count(events), "temporary-files");
        thread.setDaemon(true);
        thread.start();
        return files;
    }

    private void count(WatchService events) {
        try {
            WatchKey key;
            do {
                key = events.take();
                for (WatchEvent<?> event : key.pollEvents()) {
                    made.addAndGet(event.count());
                }
            } while (key.reset());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long made() {
        return made.get();
    }
}

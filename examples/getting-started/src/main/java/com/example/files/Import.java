package com.example.files;

import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Stores every file below a folder, and says which ones were refused and why. */
public final class Import {

    private Import() {}

    public static void main(String[] arguments) throws IOException {
        int stored = 0;
        try (EntityManagerFactory database = Store.database();
                FileStore store = Store.open(database);
                Stream<Path> paths = Files.walk(Path.of(arguments[0]))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                try {
                    store.upload(UploadRequest.of(path).withOwner("123"));
                    stored++;
                } catch (FileRefusedException e) {
                    System.out.println("refused " + path + ": " + e.getMessage());
                }
            }
            store.sweep();
        }
        System.out.println("stored " + stored + " files");
    }
}

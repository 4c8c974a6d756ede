package com.example.files;

import dev.filestore.Caller;
import dev.filestore.FileContent;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.UserFiles;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stores a file for user 123, lists what that user has, and reads the file back. */
public final class App {

    private App() {}

    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        try (EntityManagerFactory database = Store.database();
                FileStore store = Store.open(database)) {
            UserFiles files = store.as(Caller.user("123"));

            StoredFile file;
            try (InputStream stream = Files.newInputStream(path)) {
                file = files.upload(UploadRequest.of(path.getFileName().toString(), stream));
            }
            System.out.println("stored as number " + file.id() + ": " + file.contentType() + ", " + file.size()
                    + " bytes, " + file.key());

            System.out.println("user 123 has " + files.list(FileQuery.of("123")).total() + " files");

            try (FileContent content = files.open(file.id())) {
                content.stream().transferTo(System.out);
            }
        }
    }
}

package dev.filestore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What is there in a {@link FaultCase}, past all faults: as readers see it, and as it lies in storage and database. */
final class FaultView {

    private final FaultStack stack;
    private final FileStore reader;
    private final Consumer<String> report;
    private final Map<Long, byte[]> known = new HashMap<>();

    FaultView(FaultStack stack, FileStore reader, Consumer<String> report) {
        this.stack = stack;
        this.reader = reader;
        this.report = report;
    }

    /** What was read of objects may not be so any more. */
    void mayHaveChanged() {
        known.clear();
    }

    /** All files that readers see, with their bytes. */
    Map<StoredFile, byte[]> visible(Instant now) {
        Map<StoredFile, byte[]> visible = new HashMap<>();
        for (FileRow row : rows()) {
            if (!row.isVisibleAt(now)) {
                continue;
            }
            try {
                byte[] bytes = known.containsKey(row.id()) ? known.get(row.id()) : read(row.id());
                known.put(row.id(), bytes);
                visible.put(row.toStoredFile(), bytes);
            } catch (IOException | FileStoreException e) {
                report.accept("a file that readers see cannot be read: " + e);
            }
        }
        return visible;
    }

    private byte[] read(long id) throws IOException {
        try (FileContent content = reader.open(id)) {
            return content.stream().readAllBytes();
        }
    }

    List<FileRow> rows() {
        return stack.metadata().listByKey("", "", 100);
    }

    /** Puts an object into the storage that no row names. */
    void plant(String key, byte[] content) {
        ObjectHeaders headers = new ObjectHeaders("application/pdf", "attachment");
        try {
            stack.storage().put(key, headers, new ByteArrayInputStream(content), -1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes all rows away. */
    void loseRows() {
        rows().forEach(stack.metadata()::remove);
    }

    /** There are rows and objects of whole files, and nothing else. */
    void checkRest(Instant now) {
        List<FileRow> rows = rows();
        rows.stream()
                .filter(row -> !row.isVisibleAt(now))
                .forEach(row -> report.accept("a row is left " + row.state()));
        Map<String, Long> named = rows.stream().collect(Collectors.toMap(FileRow::key, FileRow::size));
        Map<String, Long> there =
                stack.storage().list("", "", 100).stream().collect(Collectors.toMap(ObjectInfo::key, ObjectInfo::size));
        if (!named.equals(there)) {
            report.accept("the rows name " + named + ", and the objects are " + there);
        }
        List<String> unfinished = stack.unfinished();
        if (!unfinished.isEmpty()) {
            report.accept("unfinished is left: " + unfinished);
        }
    }

    /** What is left can be deleted, at once, and then nothing is there. */
    void checkRemoval(FileStore store) {
        List<FileRow> rows = rows();
        rows.forEach(row -> store.delete(row.id()));
        boolean left = !rows.isEmpty()
                && (!rows().isEmpty() || !stack.storage().list("", "", 1).isEmpty());
        if (left) {
            report.accept("not all could be deleted in the end");
        }
    }
}

package dev.filestore;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of files.
 *
 * @param files the files of this page, newest first; immutable
 * @param total how many files the whole list has, at about the moment the page was read; -1 where the query asked
 *     for none
 * @param limit the limit that was asked for
 * @param offset the offset that was asked for, 0 where a cursor was given
 * @param nextCursor what names the next page; null on the last one
 */
public record FilePage(
        List<StoredFile> files,
        long total,
        int limit,
        long offset,
        @Nullable String nextCursor) {

    /** Copies the list. */
    public FilePage {
        files = List.copyOf(Objects.requireNonNull(files, "files"));
    }
}

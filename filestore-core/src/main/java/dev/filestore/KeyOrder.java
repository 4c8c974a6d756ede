package dev.filestore;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list in the order of its keys' UTF-8 bytes, read page by page. The order is checked: a merge of lists in different
 * orders would take everything for missing.
 */
final class KeyOrder<T> {

    /** The order, found without making the bytes. */
    static final Comparator<String> UTF8 = KeyOrder::compareUtf8;

    private static final int PAGE = 1_000;

    private final String prefix;
    private final Source<T> source;
    private final Function<T, String> key;
    private final Function<String, FileStoreException> failure;
    private List<T> page = List.of();
    private int next;
    private String last = "";
    private boolean ended;

    /** Reads the entries that come behind a key, fewer than {@code limit} only at the end. */
    @FunctionalInterface
    interface Source<T> {
        List<T> page(String after, int limit);
    }

    /** @param failure makes the exception of a message, for a list that is not what it should be */
    KeyOrder(String prefix, Source<T> source, Function<T, String> key, Function<String, FileStoreException> failure) {
        this.prefix = prefix;
        this.source = source;
        this.key = key;
        this.failure = failure;
    }

    /** The next entry, which stays the next; null at the end. */
    @Nullable
    T peek() {
        if (next == page.size() && !ended) {
            page = source.page(last, PAGE);
            next = 0;
            ended = page.size() < PAGE;
            page.forEach(this::check);
        }
        return next < page.size() ? page.get(next) : null;
    }

    /** Goes on behind the entry that {@link #peek} gave. */
    void pass() {
        next++;
    }

    private void check(T entry) {
        String found = key.apply(entry);
        if (!found.startsWith(prefix)) {
            throw failure.apply(
                    "gives the key " + printable(found) + " where those with the prefix " + prefix + " were asked for");
        }
        if (compareUtf8(last, found) >= 0) {
            throw failure.apply("gives the key " + printable(found) + " behind " + printable(last)
                    + ", which is not the order of UTF-8 bytes: it cannot be audited");
        }
        last = found;
    }

    /** In a bucket that others write to, a key may hold what a log obeys. */
    static String printable(String key) {
        return key.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    private static int compareUtf8(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                // A surrogate is half of a character that comes behind all those of one char, whatever its number.
                return Character.isSurrogate(a) == Character.isSurrogate(b) ? a - b : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return one.length() - other.length();
    }
}

package dev.filestore;

/** What a browser does with a file that it gets: the first word of {@code Content-Disposition} (RFC 6266). */
public enum Disposition {

    /** Shows it, where {@link FileStore.Builder#inline} allows that for its type; else saves it. */
    INLINE("inline"),

    /** Saves it. */
    ATTACHMENT("attachment");

    private final String word;

    Disposition(String word) {
        this.word = word;
    }

    /**
     * The word in the header field, and in addresses.
     *
     * @return {@code inline} or {@code attachment}
     */
    public String word() {
        return word;
    }
}

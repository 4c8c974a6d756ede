package dev.filestore;

import java.util.Objects;
import java.util.Optional;

/**
 * Looks into the bytes of every upload for what must not be stored, such as malware, while they pass on their way to the
 * storage: nothing is read twice, and nothing is written down for it. A file in which something was found, and a file of
 * which the scanner could not say that nothing was, is never committed, and nothing is left of it.
 *
 * <p>What a scanner throws says that it could not do its work: a {@link ScanException}, or any other exception, which is
 * then the cause of one. The upload fails with it, since a file that nobody has looked at is not a clean one.
 *
 * <p>Thread-safe: any number of uploads are scanned at once, each by its own thread and a {@link Scan} of its own. Every
 * call is to come to its end by itself, by an exception if need be, since nothing bounds it from outside: the upload waits for it,
 * and is lost when nothing was heard of it for half an hour. A thread's interruption should end a call by a
 * {@link ScanException}, and leave the interrupt flag set.
 */
public interface ContentScanner {

    /**
     * Begins to scan a file. Called when its name, its type and its first bytes are accepted, before anything of it is
     * stored.
     *
     * @param upload what is known of the file
     * @return the scan, which the store closes
     * @throws ScanException if the scanner cannot be reached, or has too much to do; the upload then fails at no cost
     */
    Scan begin(Upload upload);

    /**
     * What is known of a file before its bytes are.
     *
     * @param owner the id of the user that it will belong to
     * @param fileName its name, cleaned
     * @param contentType the type that it will be stored as
     * @param length how many bytes its uploader announced, not yet proved; -1 where nothing was announced
     */
    record Upload(String owner, String fileName, String contentType, long length) {

        /** Checks that nothing is missing. */
        public Upload {
            Objects.requireNonNull(owner, "owner");
            Objects.requireNonNull(fileName, "fileName");
            Objects.requireNonNull(contentType, "contentType");
        }
    }

    /**
     * What was found in a file.
     *
     * @param name what the scanner calls it, such as {@code Win.Test.EICAR_HDB-1}. Logged, and shown to the uploader.
     *     At most 255 characters are kept, those of them replaced that a terminal or a log could trip over
     */
    record Finding(String name) {

        private static final int LONGEST_NAME = 255;

        /** Cleans the name, in which a scanner may quote what it has found. */
        public Finding {
            name = Text.printable(name, LONGEST_NAME);
        }
    }

    /** The scan of one file. Used by one thread. */
    interface Scan extends AutoCloseable {

        /**
         * Takes the next bytes: in order, all of them, each once, in pieces of any size. They are on their way to the
         * storage: not to be changed, nor kept.
         *
         * @param buffer holds the bytes
         * @param offset where they begin
         * @param length how many there are, at least 1
         * @return what was found, if anything is certain already: the upload then ends at once. Else empty
         * @throws ScanException if the scan cannot go on
         */
        Optional<Finding> update(byte[] buffer, int offset, int length);

        /**
         * Judges the file, of which all bytes have come, in the number and with the digest that were announced. Called once at most,
         * and never after something was found or thrown. The storage commits only after it has returned.
         *
         * @return what was found; empty says that the whole file was looked at, and nothing was
         * @throws ScanException if that cannot be said
         */
        Optional<Finding> end();

        /**
         * Gives up what the scan holds. Called once, last, and as early as may be: after {@link #end}, or after
         * whatever ended the upload before, on the same thread. What it throws is logged, and changes nothing.
         */
        @Override
        void close();
    }
}

package dev.filestore;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became, or would become, of a file that was to be adopted, see {@link FileStore#adopt}.
 *
 * @param kind what became of it
 * @param file the file as its row says it is, or would say: then with the id 0 where it would get a new one. Null where it is
 *     not adopted, and where its bytes were not read
 * @param detail what was found and what is wanted, in words for an operator; empty where there is nothing to say
 */
public record Adoption(Kind kind, @Nullable StoredFile file, String detail) {

    /** Checks that nothing is missing. */
    public Adoption {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    /** How far to go. */
    public enum Mode {
        /** Look at rows and at what the storage tells of the object. Reads no byte of it, and so knows nothing of its type. */
        LOOK,
        /** Read the bytes and judge them. Writes nothing. */
        READ,
        /** Add the row. */
        APPLY
    }

    /** What becomes of a file. */
    public enum Kind {
        /** It is a file of the store from now on. */
        ADOPTED(true),
        /** It would be adopted, as far as was looked. */
        ADOPTABLE(true),
        /** It was adopted before, with the same owner, name, id, time and object. */
        ADOPTED_BEFORE(true),
        /** Its row is there, and something else than the row says was asked for, or is in the storage by now. */
        CHANGED(false),
        /** Another file has the key, or had it and is being deleted. */
        KEY_TAKEN(false),
        /** Another file has the id. */
        ID_TAKEN(false),
        /** The key is of a form that the library does not work with, see {@link KeyLayout}. */
        KEY_NOT_ALLOWED(false),
        /** There is no object of that key. */
        OBJECT_MISSING(false),
        /** The object has another number of bytes than was recorded. */
        SIZE_DIFFERS(false),
        /** The object has another SHA-256 than was recorded. */
        SHA256_DIFFERS(false),
        /** The object has no bytes. */
        EMPTY(false),
        /** The object has more bytes than the {@link MimePolicy} allows its type. */
        TOO_LARGE(false),
        /** The {@link MimePolicy} refuses the name or the bytes. */
        TYPE_NOT_ALLOWED(false),
        /** The {@link ContentScanner} has found something. */
        INFECTED(false),
        /** Who reads the object past the library is told to run it, or to show what only is to be saved. */
        HEADERS_NOT_SAFE(false),
        /** Its life is over. */
        EXPIRED(false);

        private final boolean fine;

        Kind(boolean fine) {
            this.fine = fine;
        }

        /**
         * Whether the file is, or as far as was looked can be, a file of the store.
         *
         * @return false if somebody has to look at it
         */
        public boolean isFine() {
            return fine;
        }
    }
}

package dev.filestore;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StorageBackend}, {@link MetadataRepository}, {@link UrlSigner} or {@link Cdn} is besides that can tell what is
 * wrong with the world it works in, see {@link FileStore#check()}. One that is not is tried all the same, by its own methods.
 */
public interface Checkable {

    /**
     * What is looked at without writing anything, whatever else is wrong.
     *
     * @param probe where something would be written
     * @return the steps, which are taken in order
     */
    List<Step> looks(Probe probe);

    /**
     * What is tried on the probe, while its object is there; where none could be written, no step is taken. The trials of a storage
     * come after those of all others, and may lose the object. What else a step writes under the probe's key it removes again; if it
     * cannot, or is killed, a sweep calls {@link StorageBackend#purge}.
     *
     * @param probe the key, which a row names
     * @return the steps, which are taken in order
     */
    List<Step> trials(Probe probe);

    /**
     * What to do when a method of this object failed, or one of its steps.
     *
     * @param act what was tried
     * @param failure what it threw
     * @return the cure in words for an operator; empty where there is none to name
     */
    Optional<String> cure(Act act, Exception failure);

    /** What is tried: mostly the methods that every implementation has. */
    enum Act {
        /** A step of this object's own. */
        LOOK,
        /** {@link StorageBackend#put}. */
        PUT,
        /** {@link StorageBackend#put} to a key that has an object. */
        PUT_AGAIN,
        /** {@link StorageBackend#stat}. */
        STAT,
        /** {@link StorageBackend#stat} or {@link StorageBackend#open} of a key that has no object. */
        STAT_ABSENT,
        /** {@link StorageBackend#open}. */
        OPEN,
        /** {@link StorageBackend#list}. */
        LIST,
        /** {@link StorageBackend#listUnfinished}. */
        LIST_UNFINISHED,
        /** {@link StorageBackend#delete}. */
        DELETE,
        /** {@link StorageBackend#purge}. */
        PURGE,
        /** {@link MetadataRepository#insert}. */
        INSERT,
        /** {@link MetadataRepository#find}. */
        FIND,
        /** {@link MetadataRepository#compareAndSet}. */
        CHANGE,
        /** {@link MetadataRepository#remove}. */
        REMOVE
    }

    /**
     * Where a check may write.
     *
     * @param key the key of an object that is nobody's file
     * @param text what the object holds while {@link #trials} are taken, in ASCII
     * @param signer what the store signs addresses by; null if nothing does
     * @param clock the store's clock
     */
    record Probe(String key, String text, @Nullable UrlSigner signer, Clock clock) {

        /** Checks that nothing is missing. */
        public Probe {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(clock, "clock");
        }
    }

    /**
     * A part of a check that has a deadline of its own.
     *
     * @param name what is looked at, for a finding that says that nothing came of it
     * @param vital whether the steps after it make no sense where it fails; they are unknown then. So they are after any step
     *     that ran out of time
     * @param look does it
     */
    record Step(String name, boolean vital, Look look) {

        /** Checks that nothing is missing. */
        public Step {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(look, "look");
        }
    }

    /** The work of a step. */
    @FunctionalInterface
    interface Look {

        /**
         * Looks, in a thread that is interrupted at the deadline.
         *
         * @return what was found
         * @throws Exception if the look itself failed, which is then the finding
         */
        List<CheckReport.Finding> take() throws Exception;
    }
}

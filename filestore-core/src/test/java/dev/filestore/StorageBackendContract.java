package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link StorageBackend} must pass. A backend's test extends this class, says how to reach the backend, and
 * adds only its own wiring.
 *
 * <p>Each test works under a random {@link #prefix} of its own, so that one server may be shared by all of them. After
 * each test nothing unfinished may be left, and what it stored is removed: a subclass therefore closes its backend after
 * all tests, not after each.
 *
 * <p>Where a server differs from the contract, the subclass overrides the hook that names the difference. No hook
 * switches a test off: each selects another assertion, which fails on the day when the server learns better.
 */
public abstract class StorageBackendContract {

    /** How far a store goes in keeping the object that was there first. */
    protected enum CreateOnly {
        /** Of any number of puts of one key, one succeeds. */
        ALWAYS,
        /** A put is refused where an object is there when it begins; of puts at the same time several may succeed. */
        UNLESS_CONCURRENT,
        /** The store takes every put, and the last one stays, whole. */
        NEVER
    }

    protected static final ObjectHeaders HEADERS = new ObjectHeaders("application/octet-stream", "attachment");

    /** What the keys of the running test start with. */
    protected final String prefix = "contract-" + UUID.randomUUID() + "/";

    /** The backend under test. Tests call it several times, and never close it. */
    protected abstract StorageBackend backend();

    /** Names all that is there of unfinished puts below the prefix: temporary files, open multipart uploads. */
    protected abstract List<String> leftovers(String prefix);

    /**
     * Makes what a put of this key leaves behind that was killed halfway, mostly by {@link #killPut}.
     *
     * @return false where a killed put leaves nothing; nothing was made then
     */
    protected abstract boolean leaveUnfinished(String key);

    /** Whether the storage can tell of what a killed put left, to which key it belongs. */
    protected boolean tellsKeyOfUnfinished() {
        return true;
    }

    /** Whether the server, asked for what lies behind one unfinished put, passes over the others of the same key. */
    protected boolean passesOverOthersOfKey() {
        return false;
    }

    /** From how many bytes the backend goes about a put in another way; those that know no parts leave it as it is. */
    protected int partSizeBytes() {
        return 64 * 1024;
    }

    /** Whether a put returns an entity tag, and {@code open} gives that object only. */
    protected boolean hasTags() {
        return true;
    }

    /** Whether objects are create-only. */
    protected CreateOnly createOnly() {
        return CreateOnly.ALWAYS;
    }

    /** The order in which the server lists keys. */
    protected Comparator<String> listingOrder() {
        return Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
    }

    /** Whether the server cannot keep this key and says so, by failing each put of it. */
    protected boolean refuses(String key) {
        return false;
    }

    /** Whether a put fails of a key that goes on, after a slash, where the key of another object ends. */
    protected boolean refusesKeyBelowObject() {
        return false;
    }

    /**
     * Whether the server, told to forget the parts of a put that is given up, forgets the object of that key with them,
     * which was there first.
     */
    protected boolean losesObjectToGivenUpParts() {
        return false;
    }

    /** The headers under which the storage hands the object out past us; empty where it hands out nothing. */
    protected Optional<ObjectHeaders> headersOf(String key) {
        return Optional.empty();
    }

    @AfterEach
    void nothingUnfinishedIsLeft() {
        assertThat(leftovers(prefix))
                .as("what is left unfinished: temporary files, open uploads")
                .isEmpty();
        List<ObjectInfo> left;
        do {
            left = backend().list(prefix, "", 1_000);
            left.forEach(object -> backend().purge(object.key()));
        } while (left.size() == 1_000);
    }

    /** A key of this test's own. */
    protected final String key(String name) {
        return prefix + name;
    }

    /** Bytes that differ at every place and between seeds. */
    protected static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Stores bytes of a known length. */
    protected final void store(String key, byte[] content) {
        try {
            backend().put(key, HEADERS, new ProbeSource(content), content.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts some bytes under a key, and stops before the end without a chance to clean up, as a killed process does. A backend
     * that cleans up in {@code finally} cleans up here too, and makes its leftovers in another way.
     *
     * @return true
     */
    protected final boolean killPut(String key) {
        class Killed extends Error {
            private static final long serialVersionUID = 1L;
        }
        ProbeSource source = new ProbeSource(bytes(10, 1)).beforeEnd(() -> {
            throw new Killed();
        });
        try {
            backend().put(key, HEADERS, source, -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Killed e) {
            return true;
        }
        throw new AssertionError("the put of " + key + " ended, though its source never told its end");
    }

    /** Reads a range of an object that is there. */
    protected final byte[] load(String key, ByteRange range) {
        try (InputStream in = backend().open(key, range, null).orElseThrow()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final void assertHolds(String key, byte[] content) {
        assertThat(backend().stat(key).map(ObjectInfo::size))
                .as("the size that stat tells of an object that was put")
                .contains((long) content.length);
        assertSame(load(key, ByteRange.ALL), content, "the bytes read, beside those that were put");
    }

    /** Says where two arrays differ first. isEqualTo would print both, which nobody reads at some megabytes. */
    static void assertSame(byte[] found, byte[] expected, String what) {
        int difference = Arrays.mismatch(found, expected);
        assertThat(difference)
                .as(
                        "%s: %s bytes where there should be %s; the first that differs, -1 for none",
                        what, found.length, expected.length)
                .isEqualTo(-1);
    }

    final void assertAbsent(String key) throws IOException {
        assertThat(backend().stat(key))
                .as("what stat tells of an object that should not be there")
                .isEmpty();
        try (InputStream in = backend().open(key, ByteRange.ALL, null).orElse(null)) {
            assertThat(in)
                    .as("what open gives of an object that should not be there")
                    .isNull();
        }
        assertThat(backend().list(key, "", 10))
                .as("what list gives of an object that should not be there")
                .extracting(ObjectInfo::key)
                .doesNotContain(key);
    }

    @Nested
    class Put extends StoragePutContract {
        Put() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class BrokenSource extends StorageBrokenSourceContract {
        BrokenSource() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class SameKey extends StorageSameKeyContract {
        SameKey() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class Open extends StorageOpenContract {
        Open() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class Tagged extends StorageTagContract {
        Tagged() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class Delete extends StorageDeleteContract {
        Delete() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class Leftovers extends StorageUnfinishedContract {
        Leftovers() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class Listing extends StorageListContract {
        Listing() {
            super(StorageBackendContract.this);
        }
    }

    @Nested
    class OddKeys extends StorageKeysContract {
        OddKeys() {
            super(StorageBackendContract.this);
        }
    }
}

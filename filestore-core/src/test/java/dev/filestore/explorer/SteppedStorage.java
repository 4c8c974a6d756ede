package dev.filestore.explorer;

import dev.filestore.ByteRange;
import dev.filestore.FileState;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import dev.filestore.explorer.Call.Kind;
import dev.filestore.explorer.Call.Place;
import dev.filestore.explorer.World.Blob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The object store of a {@link World}, in steps as small as a real one's: a put begins, reads its source, is sent, lands
 * some time or never, and is answered some time or never; an object is opened, and then read in two pieces. It has no
 * tags, as a disk has none: the rules alone keep readers from a foreign object.
 */
class SteppedStorage implements StorageBackend {

    private static final Comparator<String> UTF8_ORDER =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final Turn turn;

    SteppedStorage(Turn turn) {
        this.turn = turn;
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        int id = turn.call(Kind.OBJECT_CHANGE, "begin put", key, world -> {
            noteWakingLate(world, key);
            return world.begin(key);
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            byte[] piece = new byte[16 * 1024];
            for (int read = source.read(piece); read >= 0; read = source.read(piece)) {
                bytes.write(piece, 0, read);
            }
        } catch (IOException e) {
            try {
                brokenOff(id, key, bytes);
            } catch (StorageException stays) {
                throw new StorageException("put " + key + ": something was left", e);
            }
            throw e;
        }
        send(id, key, bytes);
        answer(id, key);
        return null;
    }

    /** What becomes of a put whose source failed. */
    void brokenOff(int id, String key, ByteArrayOutputStream bytes) {
        turn.call(Kind.OBJECT_CHANGE, "abort put", id, world -> {
            world.end(id);
            return true;
        });
    }

    final void send(int id, String key, ByteArrayOutputStream bytes) {
        String content = bytes.toString(StandardCharsets.ISO_8859_1);
        turn.call(Kind.OBJECT_READ, "send put", id, world -> {
            noteWakingLate(world, key);
            world.change(world.put(id).sent(content, world.now()));
            return true;
        });
    }

    /** Waits until the put has landed. */
    void answer(int id, String key) {
        turn.call(Kind.ANSWER, "answer of put", id, world -> {
            Put put = world.put(id);
            if (!put.landed() && turn.isFree()) {
                world.land(put, false);
                put = world.put(id);
            }
            world.change(put.givenUp());
            if (put.collided()) {
                throw new StorageException("put " + key + ": an object of that key is there already", null);
            }
            return true;
        });
    }

    private void noteWakingLate(World world, String key) {
        if (world.rows.values().stream().noneMatch(row -> row.key().equals(key) && row.state() == FileState.PENDING)) {
            world.wakeLate(turn.operation());
        }
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        Optional<Blob> opened =
                turn.call(Kind.OBJECT_READ, "open", key, world -> Optional.ofNullable(world.objects.get(key)));
        return opened.map(blob -> new Bytes(turn, key, blob, range));
    }

    /** Hands out an object in pieces, each a step. */
    private static final class Bytes extends InputStream {

        private final Turn turn;
        private final String key;
        private final long serial;
        private final byte[] bytes;
        private final int end;
        private int at;

        Bytes(Turn turn, String key, Blob blob, ByteRange range) {
            this.turn = turn;
            this.key = key;
            this.serial = blob.serial();
            this.bytes = blob.content().getBytes(StandardCharsets.ISO_8859_1);
            this.at = (int) Math.min(range.offset(), bytes.length);
            this.end = at + (int) Math.min(range.length(), bytes.length - at);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = Math.min(length, Math.min((bytes.length + 1) / 2, end - at));
            if (read == 0) {
                return length == 0 ? 0 : -1;
            }
            try {
                turn.call(Kind.BYTES, "read", new Place(key, serial, at), world -> true);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            System.arraycopy(bytes, at, buffer, offset, read);
            at += read;
            return read;
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return turn.call(
                Kind.OBJECT_READ,
                "stat",
                key,
                world -> Optional.ofNullable(world.objects.get(key)).map(blob -> info(key, blob)));
    }

    @Override
    public void delete(String key) {
        turn.call(Kind.OBJECT_CHANGE, "delete", key, world -> {
            world.objects.remove(key);
            return true;
        });
    }

    @Override
    public void purge(String key) {
        turn.call(Kind.OBJECT_CHANGE, "purge", key, world -> {
            world.purge(key);
            return true;
        });
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        record Page(String prefix, String after, int limit) {}
        return turn.call(
                Kind.OBJECT_READ,
                "list",
                new Page(prefix, after, limit),
                world -> page(
                        world.objects.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey(UTF8_ORDER))
                                .map(object -> info(object.getKey(), object.getValue())),
                        ObjectInfo::key,
                        prefix,
                        after,
                        limit));
    }

    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        record Page(String prefix, String after, int limit) {}
        return turn.call(
                Kind.OBJECT_READ,
                "listUnfinished",
                new Page(prefix, after, limit),
                world -> world.puts().stream()
                        .filter(Put::parts)
                        .map(put -> new UnfinishedPut(String.valueOf(put.id()), put.key(), put.begunAt()))
                        .filter(put -> Objects.requireNonNull(put.key()).startsWith(prefix))
                        .filter(put -> put.id().compareTo(after) > 0)
                        .sorted(Comparator.comparing(UnfinishedPut::id))
                        .limit(limit)
                        .toList());
    }

    @Override
    public void abort(UnfinishedPut unfinished) {
        turn.call(Kind.OBJECT_CHANGE, "abort", unfinished, world -> {
            for (Put put : world.puts()) {
                if (String.valueOf(put.id()).equals(unfinished.id())) {
                    world.change(put.purged());
                }
            }
            return true;
        });
    }

    static <T> List<T> page(Stream<T> sorted, Function<T, String> key, String prefix, String after, int limit) {
        return sorted.filter(item -> key.apply(item).startsWith(prefix))
                .filter(item -> UTF8_ORDER.compare(key.apply(item), after) > 0)
                .limit(limit)
                .toList();
    }

    private static ObjectInfo info(String key, Blob blob) {
        return new ObjectInfo(key, blob.content().length(), blob.writtenAt());
    }

    @Override
    public void close() {}
}

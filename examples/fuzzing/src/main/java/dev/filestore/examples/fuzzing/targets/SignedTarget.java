package dev.filestore.examples.fuzzing.targets;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;
import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import dev.filestore.Category;
import dev.filestore.Disposition;
import dev.filestore.FileContent;
import dev.filestore.FileMissingException;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.InvalidCursorException;
import dev.filestore.NotAuthorizedException;
import dev.filestore.UploadRequest;
import dev.filestore.examples.fuzzing.BrokenRule;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Target;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the store signs. An input is either {@code c}, an owner, a category and a cursor, or {@code s}, an id, a time, a
 * disposition and a signature, each on a line. It is let through only where this class signs the same fields to the same text by itself.
 */
public final class SignedTarget implements Target {

    private static final byte[] SECRET = Bytes.of("a secret of the fuzzing, 32 bytes or more");
    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    private static final List<String> DISPOSITIONS = List.of("inline", "attachment");
    private static final List<String> OWNERS = List.of("a", "b", "=a", "");
    private static final String BASE = "https://files.example/api/files/";
    private static final int FILES = 6;
    private static final byte[] PNG = Bytes.latin1("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR");

    private final Addresses addresses;
    private final FileStore store;

    /** Lets at a file whoever has an address of it. */
    @FunctionalInterface
    public interface Addresses {

        FileContent open(FileStore store, long id, String expires, String disposition, String signature);
    }

    public SignedTarget() {
        this(FileStore::openSigned);
    }

    public SignedTarget(Addresses addresses) {
        this.addresses = addresses;
        this.store = FileStore.builder()
                .storage(new MemoryStorage())
                .metadata(new MemoryMetadata())
                .secret(SECRET)
                .signedUrls(URI.create(BASE))
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        for (int i = 0; i < FILES; i++) {
            store.upload(
                    UploadRequest.of(i + ".png", new ByteArrayInputStream(PNG)).withOwner(OWNERS.get(i % 3)));
        }
    }

    @Override
    public String name() {
        return "signed";
    }

    @Override
    public void run(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length == 4 && lines[0].equals("c")) {
            cursor(lines[1], lines[2], lines[3]);
        } else if (lines.length == 5 && lines[0].equals("s") && lines[1].matches("[0-9]{1,9}")) {
            address(Long.parseLong(lines[1]), lines[2], lines[3], lines[4]);
        }
    }

    private void cursor(String owner, String category, String cursor) {
        FileQuery query;
        try {
            query = query(owner, category).withCursor(cursor);
        } catch (IllegalArgumentException e) {
            // No owner or category has such a name.
            return;
        }
        boolean genuine = cursor.length() > 22
                && cursor.equals(cursor.substring(0, 22)
                        + sign(
                                "cursor",
                                owner.isEmpty() ? "" : "=" + owner,
                                category.isEmpty() ? "" : "=" + category,
                                cursor.substring(0, 22)));
        boolean taken;
        try {
            store.list(query);
            taken = true;
        } catch (InvalidCursorException e) {
            taken = false;
        }
        unless(taken == genuine, "the cursor %s is taken: %s, and genuine: %s", cursor, taken, genuine);
    }

    private static FileQuery query(String owner, String category) {
        FileQuery all = owner.isEmpty() ? FileQuery.all() : FileQuery.of(owner);
        return all.withCategory(category.isEmpty() ? null : new Category(category))
                .withLimit(1);
    }

    private void address(long id, String expires, String disposition, String signature) {
        boolean genuine = signature.equals(signAddress(id, expires, disposition));
        boolean inTime = genuine && Long.parseLong(expires) > NOW.getEpochSecond();
        boolean open;
        try (FileContent content = addresses.open(store, id, expires, disposition, signature)) {
            open = true;
            unless(content.file().id() == id, "an address leads to another file");
            unless(
                    content.headers(Disposition.INLINE).disposition().word().equals(disposition),
                    "an address shows what it lets save, or the other way round");
        } catch (NotAuthorizedException e) {
            open = false;
        } catch (FileMissingException e) {
            unless(inTime, "a forged address tells that there is no file");
            return;
        } catch (IOException e) {
            throw new BrokenRule("a stream cannot be closed that was not opened", e);
        }
        unless(open == inTime, "an address is open: %s, and genuine: %s", open, inTime);
    }

    private static String signAddress(long id, String expires, String disposition) {
        return sign("url:GET", BASE, Long.toString(id), expires, disposition);
    }

    /** HMAC-SHA256 over each field behind its length, in base64url. */
    private static String sign(String... fields) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            for (String field : fields) {
                byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable String genuineCursor(String owner, String category) {
        return store.list(query(owner, category)).nextCursor();
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        if (random.nextBoolean()) {
            String owner = oneOf(random, OWNERS);
            String category = oneOf(random, List.of("", "image"));
            String cursor = String.valueOf(genuineCursor(owner, category));
            return Bytes.of("c\n" + (random.nextInt(4) == 0 ? oneOf(random, OWNERS) : owner) + "\n"
                    + (random.nextInt(4) == 0 ? "video" : category) + "\n"
                    + (random.nextInt(3) == 0 ? bent(random, cursor) : cursor));
        }
        long id = 1L + random.nextInt(FILES + 2);
        String expires = Long.toString(NOW.getEpochSecond() + random.nextInt(200) - 100);
        String disposition = oneOf(random, DISPOSITIONS);
        String signature = signAddress(id, expires, disposition);
        return Bytes.of("s\n" + (random.nextInt(4) == 0 ? 1 + random.nextInt(FILES) : id) + "\n"
                + (random.nextInt(4) == 0
                        ? oneOf(random, List.of("0" + expires, "+" + expires, expires + "0", ""))
                        : expires)
                + "\n"
                + (random.nextInt(4) == 0 ? oneOf(random, DISPOSITIONS) : disposition)
                + "\n"
                + (random.nextInt(3) == 0 ? bent(random, signature) : signature));
    }

    private static String bent(RandomGenerator random, String text) {
        int at = random.nextInt(text.length());
        return text.substring(0, at)
                + oneOf(random, List.of("", "=", "A", "_", "-", "\u0000", "\u00e9"))
                + text.substring(at + random.nextInt(2));
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String owner : OWNERS) {
            seeds.add(Bytes.of("c\n" + owner + "\nimage\n" + genuineCursor(owner, "image")));
            seeds.add(Bytes.of("c\n" + owner + "\n\n" + genuineCursor(owner, "")));
        }
        String query = store.presign(1, Duration.ofHours(1)).url().getQuery();
        seeds.add(
                Bytes.of("s\n1\n" + query.replaceAll("expires=([0-9]+)&disposition=([a-z]+)&signature=", "$1\n$2\n")));
        seeds.add(Bytes.of("s\n1\n1\ninline\n" + signAddress(1, "1", "inline")));
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of("image", "video", "=", "==", "=a", "\n", "A", "1772116222", "\0");
    }
}

package dev.filestore.examples.fuzzing.uploads;

import dev.filestore.StorageBackend;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Mutator;
import dev.filestore.examples.fuzzing.forms.FormGrammar;
import dev.filestore.local.LocalStorage;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Very many uploads to one store, made up and then changed at random, with reads, deletes and expiries among them. After
 * each thousand all graces go by, the store is swept and audited, and what was acknowledged is read back and deleted.
 */
public final class ManyUploads {

    private static final int ROUND = 1_000;
    private static final int LEFT = 20;
    private static final int TOLD = 50_000;

    private final SplittableRandom random;
    private final RequestGrammar grammar;
    private final Mutator mutator;
    private byte[] last = new byte[0];

    private ManyUploads(long seed) {
        this.random = new SplittableRandom(seed);
        this.grammar = new RequestGrammar(random);
        this.mutator = new Mutator(FormGrammar.WORDS, random);
    }

    /** Sends so many uploads and says whether all went by the rules; the numbers go to {@code out}. */
    public static boolean run(long count, long seed, boolean disk, PrintStream out) throws IOException {
        Path folder = Files.createTempDirectory("fuzzing-uploads-");
        StorageBackend storage = disk ? new LocalStorage(folder.resolve("objects")) : new MemoryStorage();
        out.printf("uploads: seed %d, bytes %s%n", seed, disk ? "on disk" : "in memory");
        ManyUploads uploads = new ManyUploads(seed);
        try (World world = new World(storage, new MemoryMetadata())) {
            return uploads.run(world, count, folder, out);
        }
    }

    private boolean run(World world, long count, Path folder, PrintStream out) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        try {
            while (sent < count) {
                long round = Math.min(ROUND, count - sent);
                for (long i = 0; i < round; i++) {
                    upload(world);
                }
                world.settle(LEFT);
                sent += round;
                if (sent % TOLD == 0) {
                    tell(world, sent, start, out);
                }
            }
            world.settle(0);
        } catch (RuntimeException | AssertionError e) {
            Path find = Files.write(folder.resolve("find"), last);
            out.printf("FOUND after %,d uploads, kept in %s: %s%n", sent, find, e);
            e.printStackTrace(out);
            return false;
        }
        tell(world, sent, start, out);
        out.println(world.statuses());
        return true;
    }

    private void upload(World world) {
        send(world, grammar.upload());
        world.pass(Duration.ofMillis(random.nextInt(3)));
        if (random.nextInt(4) == 0) {
            List<Long> ids = world.ids();
            long id = ids.isEmpty() || random.nextInt(8) == 0
                    ? 1 + random.nextInt(1_000)
                    : ids.get(random.nextInt(ids.size()));
            send(world, grammar.other(id));
        }
        if (random.nextInt(500) == 0) {
            world.pass(Duration.ofHours(1));
        }
    }

    private void send(World world, byte[] made) {
        byte[] request = random.nextInt(4) == 0 ? mutator.mutate(made, last) : made;
        last = request;
        // What was an upload stays one, so that they can be counted.
        RawRequest parsed = RawRequest.parse(request);
        world.send(Bytes.latin1(made).startsWith("POST /upload") ? parsed.asUpload() : parsed);
    }

    private static void tell(World world, long sent, long start, PrintStream out) {
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf(
                "uploads: %,d in %.0f s (%,.0f/s), %,d audits found nothing, %,d MiB in use%n",
                sent,
                seconds,
                sent / seconds,
                world.audits(),
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
    }
}

package dev.filestore.examples.reliability.killer;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A load, kills at random moments in it, and the comparison at the end. */
final class Round {

    /**
     * What a round is.
     *
     * @param kills how many at least
     * @param seed what chance starts from
     * @param clients how many use the store at the same time
     * @param checkEvery after how many kills everything is compared, beside at the end
     */
    record Plan(int kills, long seed, int clients, int checkEvery) {}

    private static final int LONGEST_PAUSE_MILLIS = 1_000;
    private static final int MOST_PROGRESS = 20;
    private static final Duration LONGEST_PROGRESS = Duration.ofSeconds(20);

    /** The clients leave the machine to those who start again, the more so after a failure. */
    private static final int LONGEST_THOUGHT_MILLIS = 60;

    private static final int LONGEST_BACKOFF_MILLIS = 1_000;

    private final Plan plan;
    private final Random random;
    private final PrintWriter progress;
    private final Figures figures;
    private final List<String> violations = new ArrayList<>();
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Service.Kind> bag = new ArrayList<>();
    private final Instant start = Instant.now();
    private @Nullable Throwable clientFailure;
    private int kills;

    Round(Plan plan, Figures figures, PrintWriter progress) {
        this.plan = plan;
        this.figures = figures;
        this.progress = progress;
        this.random = new Random(plan.seed());
    }

    /** Runs it, and returns the promises that were broken. */
    List<String> run(Path folder) throws Exception {
        say("seed " + plan.seed() + ", " + plan.kills() + " kills, " + plan.clients() + " clients");
        try (PrintWriter journal =
                        new PrintWriter(Files.newBufferedWriter(folder.resolve("ledger.txt"), StandardCharsets.UTF_8));
                Servers servers = Servers.start(folder, random)) {
            say("all servers are ready");
            run(servers, new Ledger(journal));
        }
        violations.forEach(progress::println);
        progress.print(figures);
        progress.println("violations: " + violations.size());
        progress.println("run time: " + seconds() + " s");
        return violations;
    }

    private void run(Servers servers, Ledger ledger) throws Exception {
        List<Thread> clients = startClients(new Client.Shared(ledger, figures, servers.nodes()));
        try {
            while (kills < plan.kills()) {
                kill(servers, ledger);
                requireClients();
                if (kills % plan.checkEvery() == 0 && kills < plan.kills()) {
                    check(servers, ledger, false);
                }
            }
            check(servers, ledger, true);
        } finally {
            over.countDown();
            for (Thread client : clients) {
                client.join();
            }
        }
        requireClients();
        violations.addAll(ledger.violations());
    }

    private List<Thread> startClients(Client.Shared shared) {
        SplittableRandom seeds = new SplittableRandom(plan.seed());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < plan.clients(); i++) {
            Client client = new Client(shared, seeds.split());
            SplittableRandom think = seeds.split();
            Thread thread = new Thread(() -> use(client, think), "client " + i);
            thread.setDaemon(true);
            thread.start();
            clients.add(thread);
        }
        return clients;
    }

    private void use(Client client, SplittableRandom think) {
        try {
            while (over.getCount() > 0) {
                boolean served;
                gate.readLock().lock();
                try {
                    served = client.act();
                } finally {
                    gate.readLock().unlock();
                }
                int longest = served ? LONGEST_THOUGHT_MILLIS : LONGEST_BACKOFF_MILLIS;
                over.await(think.nextInt(longest), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            clientFailed(e);
        }
    }

    private synchronized void clientFailed(Throwable failure) {
        clientFailure = failure;
    }

    /** A client that ended by a mistake of its own would leave the load, and nobody would see it. */
    private synchronized void requireClients() {
        if (clientFailure != null) {
            throw new IllegalStateException("a client failed", clientFailure);
        }
    }

    private void kill(Servers servers, Ledger ledger) throws InterruptedException {
        Service.Kind kind = nextKind(servers);
        if (random.nextInt(4) > 0) {
            // A node that starts while the stores are down has to start again, and nobody is served meanwhile.
            servers.awaitAny(Service.Kind.APP);
        }
        Service victim = servers.awaitAny(kind);
        if (random.nextInt(4) > 0) {
            awaitProgress();
        }
        over.await(random.nextInt(LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS);
        int inFlight = gate.getReadLockCount();
        String how = strike(victim);
        kills++;
        figures.add("kills");
        figures.add("kills of " + kind);
        figures.add("requests under way at the kills", inFlight);
        ledger.note("killed " + how);
        say("kill " + kills + ": " + how + ", " + inFlight + " requests under way, "
                + figures.of(Uploader.ACKNOWLEDGED) + " uploads acknowledged, " + figures.of(Uploader.UNKNOWN)
                + " unknown, " + figures.of(Client.DELETED) + " deletes, " + figures.of("reads checked")
                + " reads, " + ledger.violations().size() + " violations");
    }

    /** Waits until some uploads more were acknowledged: a kill of what does nothing shows nothing. */
    private void awaitProgress() throws InterruptedException {
        long wanted = figures.of(Uploader.ACKNOWLEDGED) + 1 + random.nextInt(MOST_PROGRESS);
        figures.await(Uploader.ACKNOWLEDGED, wanted, LONGEST_PROGRESS);
    }

    /** Kills; of the database sometimes one process of many. */
    private String strike(Service victim) throws InterruptedException {
        if (victim.kind() == Service.Kind.DATABASE) {
            List<ProcessHandle> children = victim.children();
            int manner = random.nextInt(4);
            if (manner == 0 && !children.isEmpty()) {
                children.get(random.nextInt(children.size())).destroyForcibly();
                return "one process of " + victim;
            }
            if (manner == 1) {
                victim.killParent();
                return "the parent of " + victim;
            }
        }
        victim.kill();
        return victim.toString();
    }

    /** All kinds alike in the long run, in an order of chance; those that are down wait for their turn. */
    private Service.Kind nextKind(Servers servers) {
        if (bag.isEmpty()) {
            for (Service.Kind kind : Service.Kind.values()) {
                bag.addAll(Collections.nCopies(kind == Service.Kind.SWEEPER ? 1 : 3, kind));
            }
            Collections.shuffle(bag, random);
        }
        Service.Kind next = bag.stream()
                .filter(kind -> servers.of(kind).stream().anyMatch(Service::isReady))
                .findFirst()
                .orElse(bag.get(0));
        bag.remove(next);
        return next;
    }

    private void check(Servers servers, Ledger ledger, boolean last) throws Exception {
        gate.writeLock().lock();
        try {
            say("checking");
            servers.restart();
            violations.addAll(new Checkup(servers, ledger, figures).run(last));
            say("checked " + ledger.all().size() + " uploads, "
                    + (violations.size() + ledger.violations().size()) + " violations");
        } finally {
            gate.writeLock().unlock();
        }
    }

    private long seconds() {
        return Duration.between(start, Instant.now()).toSeconds();
    }

    private void say(String what) {
        progress.println(seconds() + " s: " + what);
        progress.flush();
    }
}

package dev.filestore.examples.reliability.killer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child process that is started again whenever it ends, until it is closed. */
final class Service implements AutoCloseable {

    /** What may be killed. */
    enum Kind {
        APP,
        DATABASE,
        S3,
        SWEEPER
    }

    /** Starts the process. */
    interface Launcher {
        Process launch() throws IOException;
    }

    /** Asks whether the process does its work; may throw if it does not. */
    interface Probe {
        boolean answers() throws Exception;
    }

    private static final Duration PROBE_EVERY = Duration.ofMillis(50);

    private final String name;
    private final Kind kind;
    private final Launcher launcher;
    private final Probe probe;
    private final Thread supervisor;
    private final Thread atTheEnd = new Thread(this::killForGood);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Process process;
    private boolean ready;

    private Service(String name, Kind kind, Launcher launcher, Probe probe) {
        this.name = name;
        this.kind = kind;
        this.launcher = launcher;
        this.probe = probe;
        this.supervisor = new Thread(this::supervise, "supervisor of " + name);
        supervisor.setDaemon(true);
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    static Service start(String name, Kind kind, Launcher launcher, Probe probe) {
        Service service = new Service(name, kind, launcher, probe);
        service.supervisor.start();
        return service;
    }

    private void supervise() {
        try {
            while (stopping.getCount() > 0) {
                Process started = launch();
                if (started == null) {
                    return;
                }
                while (!isAnswering() && !started.waitFor(PROBE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    // It is starting.
                }
                if (started.isAlive()) {
                    setReady(started);
                }
                started.waitFor();
                setReady(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private synchronized @Nullable Process launch() throws IOException {
        if (stopping.getCount() == 0) {
            return null;
        }
        process = launcher.launch();
        return process;
    }

    private boolean isAnswering() {
        try {
            return probe.answers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            return false;
        }
    }

    private synchronized void setReady(@Nullable Process answering) {
        ready = answering != null && answering == process;
        notifyAll();
    }

    synchronized boolean isReady() {
        return ready && process != null && process.isAlive();
    }

    Kind kind() {
        return kind;
    }

    /** Waits until it does its work. */
    synchronized void awaitReady(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!isReady()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IllegalStateException(name + " was not ready within " + patience + ", see its log");
            }
            wait(left);
        }
    }

    /** Sends SIGKILL to it and its children, and waits for its end. */
    void kill() throws InterruptedException {
        Process victim = killTree();
        if (victim != null) {
            victim.waitFor();
        }
    }

    /** Sends SIGKILL to it and not to its children, who notice by themselves. */
    void killParent() throws InterruptedException {
        Process victim;
        synchronized (this) {
            victim = process;
            ready = false;
        }
        if (victim != null) {
            victim.destroyForcibly().waitFor();
        }
    }

    /** Sends SIGTERM, waits for the end, and does not start it again. */
    void stop(Duration patience) throws InterruptedException {
        Process stopped;
        synchronized (this) {
            stopping.countDown();
            ready = false;
            stopped = process;
        }
        if (stopped != null) {
            stopped.destroy();
            if (!stopped.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " did not stop, see its log");
            }
        }
    }

    /** The children of the process, of which one may be killed alone. */
    synchronized List<ProcessHandle> children() {
        return process == null ? List.of() : process.children().toList();
    }

    private synchronized @Nullable Process killTree() {
        ready = false;
        Process victim = process;
        if (victim != null) {
            List<ProcessHandle> children = victim.descendants().toList();
            victim.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
        return victim;
    }

    private void killForGood() {
        stopping.countDown();
        killTree();
    }

    @Override
    public void close() {
        killForGood();
        try {
            supervisor.join();
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The JVM is ending, and what is removed here is running.
            return;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

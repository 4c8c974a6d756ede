package dev.filestore.explorer;

import dev.filestore.MetadataException;
import dev.filestore.StorageException;
import dev.filestore.explorer.Call.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets an operation make one call, and no more. The engine is run from its start; the calls that it made before get the
 * answers that they got, the next one is made for real, and the one after that ends the run. So an operation can be
 * stopped and taken up anywhere, without a thread of its own, and two of them cannot but take turns. That holds as long
 * as the engine does the same when it gets the same answers, which each run checks.
 */
final class Turn {

    /** A call that was made, and what came of it. */
    record Event(Call call, Outcome outcome, Object answer) {

        @Override
        public String toString() {
            String how = outcome == Outcome.DONE ? "" : " " + outcome;
            return call + how + " -> " + Call.describe(answer);
        }
    }

    /** What a call threw. */
    record Thrown(Call.Kind by, String message) {

        @Override
        public String toString() {
            return "failure";
        }

        RuntimeException exception() {
            return switch (by) {
                case ROW_READ, ROW_CHANGE -> new MetadataException(message, null);
                case BYTES -> new UncheckedIOException(new IOException(message));
                default -> new StorageException(message, null);
            };
        }
    }

    /**
     * How far an operation has come.
     *
     * @param events the call that it made in this turn, and the readings of the clock between it and the next one, where
     *     nothing can come between; none if it was only begun
     * @param next the call that it will make next; null if it has ended
     * @param result what it ended with; null if it has not
     */
    record Progress(
            List<Event> events,
            @Nullable Call next,
            @Nullable Result result) {}

    /** How an operation ended. */
    record Result(@Nullable Object value, @Nullable Exception failure) {

        @Override
        public String toString() {
            return failure == null ? "ends with " + value : "fails: " + failure;
        }
    }

    /** What an operation does with the real engine. */
    interface Body {
        @Nullable
        Object run() throws Exception;
    }

    /** Ends a run from within. No exception, so that the engine leaves it alone. */
    private static final class Stopped extends Error {

        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    private @Nullable World world;
    private boolean free;
    private List<Event> past = List.of();
    private int at;
    private @Nullable Outcome allowed;
    private List<Event> made = List.of();
    private @Nullable Call next;
    private int operation;
    private String content = "";
    private @Nullable Duration ttl;

    /** Whose turn it is, and what it brings if it is an upload. */
    void setOperation(int number, String newContent, @Nullable Duration newTtl) {
        operation = number;
        content = newContent;
        ttl = newTtl;
    }

    int operation() {
        return operation;
    }

    String content() {
        return content;
    }

    @Nullable
    Duration ttl() {
        return ttl;
    }

    /** From now on every call is made at once, in that world. */
    void free(World in) {
        world = in;
        free = true;
    }

    boolean isFree() {
        return free;
    }

    /** Runs an operation to its end, in that world. */
    Result runFreely(World in, Body body) {
        free(in);
        return end(body);
    }

    /**
     * Runs an operation again, and one call on.
     *
     * @param in the world that the call is made in, and that it changes
     * @param events the calls made so far
     * @param outcome how the next one ends; null to make none
     */
    synchronized Progress run(World in, List<Event> events, @Nullable Outcome outcome, Body body) {
        world = in;
        free = false;
        past = events;
        at = 0;
        allowed = outcome;
        made = new ArrayList<>();
        next = null;
        Result result = null;
        try {
            result = end(body);
        } catch (Stopped e) {
            if (next == null) {
                throw new IllegalStateException("stopped without a call", e);
            }
        }
        if (next != null) {
            // The engine may have gone on in a finally block: whatever it came to is not what it would have come to.
            result = null;
        }
        if (at < past.size() || allowed != null) {
            throw new IllegalStateException("the engine made fewer calls than before, after " + past);
        }
        return new Progress(made, next, result);
    }

    private static Result end(Body body) {
        try {
            return new Result(body.run(), null);
        } catch (Exception e) {
            return new Result(null, e);
        }
    }

    /** The world as it is; for what a call does, and for nothing that an operation decides by. */
    World world() {
        World current = world;
        if (current == null) {
            throw new IllegalStateException("no operation is running");
        }
        return current;
    }

    /**
     * Makes a call, or answers it as it was answered before, or ends the run.
     *
     * @param effect what it does to the world and answers; throws an exception of the call's kind if it fails by itself
     */
    @SuppressWarnings("unchecked")
    synchronized <T> T call(Call.Kind kind, String name, Object argument, Function<World, T> effect) {
        Call call = new Call(kind, name, argument);
        Object answer;
        if (free) {
            answer = perform(call, Outcome.DONE, effect);
        } else if (next != null) {
            throw new Stopped();
        } else if (at < past.size()) {
            Event event = past.get(at++);
            if (!event.call().equals(call)) {
                throw new IllegalStateException("the engine made another call than before: " + call + ", not " + event);
            }
            answer = event.answer();
        } else if (allowed != null) {
            Outcome outcome = allowed;
            allowed = null;
            answer = perform(call, outcome, effect);
            made.add(new Event(call, outcome, answer));
        } else if (kind == Call.Kind.CLOCK && world().jumpsLeft == 0) {
            answer = perform(call, Outcome.DONE, effect);
            made.add(new Event(call, Outcome.DONE, answer));
        } else {
            next = call;
            throw new Stopped();
        }
        if (answer instanceof Thrown thrown) {
            throw thrown.exception();
        }
        return (T) answer;
    }

    private <T> Object perform(Call call, Outcome outcome, Function<World, T> effect) {
        if (outcome == Outcome.REFUSED) {
            return new Thrown(call.kind(), call.name() + ": refused");
        }
        try {
            Object answer = effect.apply(world());
            return switch (outcome) {
                case LOST -> new Thrown(call.kind(), call.name() + ": no answer");
                case REPEATED -> effect.apply(world());
                default -> answer;
            };
        } catch (StorageException | MetadataException e) {
            return new Thrown(call.kind(), String.valueOf(e.getMessage()));
        }
    }
}

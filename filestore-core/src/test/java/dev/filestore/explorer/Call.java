package dev.filestore.explorer;

import dev.filestore.FileRow;
import java.util.List;
import java.util.Optional;

/** A call that an operation makes of the world around it, and what can come of it. */
record Call(Kind kind, String name, Object argument) {

    /** What a call touches, and so how it can fail. */
    enum Kind {
        CLOCK,
        ROW_READ,
        ROW_CHANGE,
        OBJECT_READ,
        OBJECT_CHANGE,
        /** Waits for the answer to a put that was sent. */
        ANSWER,
        /** Reads on in an object that was opened. */
        BYTES
    }

    /** How a call ends. */
    enum Outcome {
        DONE,
        /** It did nothing, and failed. */
        REFUSED,
        /** It did what it should, and failed all the same. */
        LOST,
        /** The driver lost the answer, did it again, and gave the second answer. */
        REPEATED
    }

    /** An outcome, and whether it is a fault, of which a schedule has only so many. */
    record Choice(Outcome outcome, boolean fault) {}

    /** Reads on: in which object, from where. */
    record Place(String key, long serial, int offset) {}

    private static final Choice DONE = new Choice(Outcome.DONE, false);
    private static final List<Choice> ONLY_DONE = List.of(DONE);
    private static final List<Choice> READ = List.of(DONE, new Choice(Outcome.REFUSED, true));
    private static final List<Choice> OBJECT =
            List.of(DONE, new Choice(Outcome.REFUSED, true), new Choice(Outcome.LOST, true));
    private static final List<Choice> ROW = List.of(
            DONE,
            new Choice(Outcome.REFUSED, true),
            new Choice(Outcome.LOST, true),
            new Choice(Outcome.REPEATED, true));
    private static final List<Choice> GONE = List.of(DONE, new Choice(Outcome.REFUSED, false));
    private static final List<Choice> SILENT = List.of(new Choice(Outcome.LOST, true));
    private static final List<Choice> GIVEN_UP = List.of(new Choice(Outcome.LOST, false));

    /** What can come of the call in that world, faults included; nothing where it has to wait. */
    List<Choice> choices(World world) {
        return switch (kind) {
            case CLOCK -> ONLY_DONE;
            case ROW_READ, OBJECT_READ -> READ;
            case ROW_CHANGE -> ROW;
            case OBJECT_CHANGE -> OBJECT;
            case BYTES -> {
                Place place = (Place) argument;
                // Of an object that was deleted, a reader may get what is left, or be cut off.
                yield world.isThere(place.key(), place.serial()) ? READ : GONE;
            }
            case ANSWER -> {
                Put put = world.put((Integer) argument);
                yield put.landed() ? ONLY_DONE : put.canLand(world.now()) ? SILENT : GIVEN_UP;
            }
        };
    }

    @Override
    public String toString() {
        return name + "(" + describe(argument) + ")";
    }

    static String describe(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Call::describe).orElse("nothing");
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Call::describe).toList().toString();
        }
        if (value instanceof FileRow row) {
            return "file " + row.id() + " " + row.state() + " of version " + row.version();
        }
        return String.valueOf(value);
    }
}

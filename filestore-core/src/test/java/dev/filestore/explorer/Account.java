package dev.filestore.explorer;

import dev.filestore.explorer.Turn.Result;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an operation went: what was said to the world before and since, and what came of it. */
final class Account {

    private final World before;
    private final World world;
    private final int number;
    private final Result result;
    private final boolean disturbed;
    private final boolean anyoneDisturbed;

    /**
     * An account.
     *
     * @param before the world in which it began, which others may look at still
     * @param world the world in which it ended
     * @param number which operation it is
     * @param disturbed whether a call of its own failed, or it slept
     * @param anyoneDisturbed whether anybody's call failed
     */
    Account(World before, World world, int number, Result result, boolean disturbed, boolean anyoneDisturbed) {
        this.before = before;
        this.world = world;
        this.number = number;
        this.result = result;
        this.disturbed = disturbed;
        this.anyoneDisturbed = anyoneDisturbed;
    }

    int number() {
        return number;
    }

    /** The files that had a row when it began. */
    Set<Long> knownBefore() {
        return before.said.files().keySet();
    }

    World world() {
        return world;
    }

    @Nullable
    Object value() {
        return result.value();
    }

    @Nullable
    Exception failure() {
        return result.failure();
    }

    /** Whether there was a reason to fail. */
    boolean isDisturbed() {
        return disturbed;
    }

    /** Whether anybody's call failed so far. */
    boolean hasAnyCallFailed() {
        return anyoneDisturbed;
    }

    /** Whether somebody else had a reason to. */
    boolean isAnyoneDisturbed() {
        return disturbed || anyoneDisturbed;
    }

    /** Whether the file was there for everybody from beginning to end. */
    boolean wasOwed(long id) {
        return before.isOwed(id, number) && world.isOwed(id, number);
    }

    /** Whether the file was gone for everybody before the beginning. */
    boolean wasOver(long id) {
        return before.isOver(id);
    }

    void check(boolean right, String otherwise) {
        if (!right) {
            throw new Violation(otherwise + (failure() == null ? "" : ": " + failure()));
        }
    }
}

package dev.filestore.servlet;

import java.util.HashMap;
import java.util.Map;

/**
 * How many requests may be under way at the same time: so many of each user, and so many in all. What is beyond is refused
 * at once: waiting would take the threads that the slots are there to save. Safe for any number of threads.
 */
final class Slots {

    private static final int SECONDS_UNTIL_OWN = 5;
    private static final int SECONDS_UNTIL_ANY = 10;

    private final String what;
    private final int perUser;
    private final int inAll;
    private final Map<String, Integer> users = new HashMap<>();
    private int taken;

    /**
     * All are free.
     *
     * @param what the requests, for messages
     * @param perUser how many of one user
     * @param inAll how many of all users together
     */
    Slots(String what, int perUser, int inAll) {
        this.what = what;
        this.perUser = perUser;
        this.inAll = inAll;
    }

    /**
     * Takes a slot, to be {@linkplain #free freed}.
     *
     * @throws Failure if the user has as many already, or everybody together
     */
    synchronized void take(String userId) {
        int own = users.getOrDefault(userId, 0);
        if (own >= perUser) {
            throw Failure.Kind.TOO_MANY
                    .because("At most " + perUser + " " + what + " of one user are taken at the same time")
                    .withRetryAfter(SECONDS_UNTIL_OWN);
        }
        if (taken >= inAll) {
            throw Failure.Kind.UNAVAILABLE
                    .because("There are too many " + what + " at the moment; try again later")
                    .withRetryAfter(SECONDS_UNTIL_ANY);
        }
        users.put(userId, own + 1);
        taken++;
    }

    /** Frees a slot that this user took. */
    synchronized void free(String userId) {
        users.computeIfPresent(userId, (id, own) -> own == 1 ? null : own - 1);
        taken--;
    }

    /** How many slots are taken, and by how many users. */
    @Override
    public synchronized String toString() {
        return taken + " " + what + " of " + users.size() + " users";
    }
}

package dev.filestore;

import java.util.EnumSet;
import java.util.Set;

/** How a call between the store and the world goes wrong. */
enum CallFault {
    /** It throws, and did nothing. */
    FAILS_BEFORE,
    /** It did all it should, and throws: the answer is lost. */
    FAILS_AFTER,
    /** It throws, and is made all the same when others have swept. */
    LANDS_LATE,
    /** It hangs before anything was done until all leases are over and others have swept, and is made then. */
    HANGS_BEFORE,
    /** It hangs so with all that it needs in its hands: the source of a put was read to its end. */
    HANGS_INSIDE,
    /** It was made, and hangs so. */
    HANGS_AFTER,
    /** As {@link #HANGS_BEFORE}, until all graces are over, too. */
    FREEZES_BEFORE,
    /** As {@link #HANGS_INSIDE}, until all graces are over, too. */
    FREEZES_INSIDE,
    /** As {@link #HANGS_AFTER}, until all graces are over, too. */
    FREEZES_AFTER,
    /** The process dies before the call is made. */
    DIES_BEFORE,
    /** The process dies when the call was made. */
    DIES_AFTER,
    /** The process dies, and the call is made all the same when others have swept. */
    DIES_LANDS_LATE,
    /** It gives an object of which the bytes break off. */
    BREAKS_OFF;

    /** A place inside the source of an upload, where bytes are read from a client. */
    static final String SOURCE = "source";

    /** A call to the scanner of an upload. */
    static final String SCAN = "scan";

    /** A place inside the reading of an object. */
    static final String READ = "read";

    /** A listener that hears of a file. */
    static final String LISTENER = "listener";

    private static final Set<String> ONLY_LOOKS =
            Set.of("open", "stat", "list", "find", "findByKey", "count", "listByKey", "listByOwner", "listUnfinished");

    private static final Set<CallFault> OF_SOURCES =
            EnumSet.of(FAILS_BEFORE, HANGS_BEFORE, FREEZES_BEFORE, DIES_BEFORE);
    private static final Set<CallFault> OF_LISTENERS =
            EnumSet.of(FAILS_BEFORE, FAILS_AFTER, HANGS_BEFORE, FREEZES_BEFORE, DIES_BEFORE, DIES_AFTER);
    private static final Set<CallFault> OF_READS = EnumSet.of(HANGS_BEFORE, FREEZES_BEFORE);

    /** A call that changes nothing cannot be made too late, nor be known to have been made. */
    private static final Set<CallFault> OF_LOOKS =
            EnumSet.of(FAILS_BEFORE, FAILS_AFTER, HANGS_BEFORE, HANGS_AFTER, FREEZES_AFTER, DIES_BEFORE);

    private static final Set<CallFault> OF_OPEN =
            EnumSet.of(FAILS_BEFORE, FAILS_AFTER, HANGS_BEFORE, HANGS_AFTER, FREEZES_AFTER, DIES_BEFORE, BREAKS_OFF);

    private static final Set<CallFault> OF_PUTS = EnumSet.complementOf(EnumSet.of(BREAKS_OFF));
    private static final Set<CallFault> OF_CHANGES =
            EnumSet.complementOf(EnumSet.of(BREAKS_OFF, HANGS_INSIDE, FREEZES_INSIDE));

    /** All that can go wrong with a call of that name and makes a difference. */
    static Set<CallFault> of(String call) {
        return switch (call) {
            case SOURCE, SCAN -> OF_SOURCES;
            case LISTENER -> OF_LISTENERS;
            case READ -> OF_READS;
            case "open" -> OF_OPEN;
            case "put" -> OF_PUTS;
            default -> ONLY_LOOKS.contains(call) ? OF_LOOKS : OF_CHANGES;
        };
    }

    /** Whether a call of that name can change what is there. */
    static boolean changes(String call) {
        return !ONLY_LOOKS.contains(call);
    }

    /** Whether the process is gone with it. */
    boolean isDeath() {
        return this == DIES_BEFORE || this == DIES_AFTER || this == DIES_LANDS_LATE;
    }
}

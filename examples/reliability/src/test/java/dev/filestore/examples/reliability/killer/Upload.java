package dev.filestore.examples.reliability.killer;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One file that a client handed in, and all that was promised about it since. Thread-safe. */
final class Upload {

    /** What the client was told. */
    enum Answer {
        /** Nothing yet. */
        NONE,
        /** 201: from here on it is there. */
        STORED,
        /** It was never stored. */
        REFUSED,
        /** An error, or none at all: it is there, whole, or it is not. */
        UNKNOWN,
        /** The client went away before it had sent everything: it must never be there. */
        ABANDONED
    }

    /** What a reader must find. */
    enum Expected {
        PRESENT,
        GONE,
        EITHER
    }

    /** The clocks of one machine agree, but a request takes its time. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final String user;
    private final String name;
    private final Content content;
    private final String sha256;
    private final @Nullable Duration ttl;
    private final Instant sentAt;

    private Answer answer = Answer.NONE;
    private Instant answeredAt = Instant.MAX;
    private long id;
    private boolean seen;
    private int deletesAsked;
    private boolean hidden;
    private boolean removed;

    Upload(String user, String name, Content content, String sha256, @Nullable Duration ttl, Instant sentAt) {
        this.user = user;
        this.name = name;
        this.content = content;
        this.sha256 = sha256;
        this.ttl = ttl;
        this.sentAt = sentAt;
    }

    String user() {
        return user;
    }

    String name() {
        return name;
    }

    Content content() {
        return content;
    }

    String sha256() {
        return sha256;
    }

    @Nullable
    Duration ttl() {
        return ttl;
    }

    synchronized Answer answer() {
        return answer;
    }

    /** The id that the client was told, or a list showed; 0 where neither happened. */
    synchronized long id() {
        return id;
    }

    synchronized void answered(Answer given, Instant now) {
        answer = given;
        answeredAt = now;
    }

    synchronized void stored(long newId, Instant now) {
        id = newId;
        answered(Answer.STORED, now);
    }

    /** A reader saw it, whatever the uploader was told. From here on it is there. */
    synchronized void seen(long seenId) {
        id = seenId;
        seen = true;
    }

    synchronized void deleteAsked() {
        deletesAsked++;
    }

    /** A reader no longer saw it after its delete was asked for: none may see it again. */
    synchronized void hidden() {
        hidden = true;
    }

    /** The delete was acknowledged: its bytes are gone too. */
    synchronized void removed() {
        hidden = true;
        removed = true;
    }

    synchronized boolean isRemoved() {
        return removed;
    }

    /** How often somebody asked for its delete, be it that the answer is still to come. */
    synchronized int deletesAsked() {
        return deletesAsked;
    }

    /** Whether the client may still be told something, or was told nothing that is certain. */
    synchronized boolean isUncertain() {
        return (answer == Answer.NONE || answer == Answer.UNKNOWN) && !seen;
    }

    /** What a reader must find who asks at that moment. */
    synchronized Expected expected(Instant now) {
        if (hidden || answer == Answer.REFUSED || answer == Answer.ABANDONED) {
            return Expected.GONE;
        }
        if (ttl != null && !now.isBefore(sentAt.plus(ttl).minus(MARGIN))) {
            boolean certain =
                    answer != Answer.NONE && now.isAfter(answeredAt.plus(ttl).plus(MARGIN));
            return certain ? Expected.GONE : Expected.EITHER;
        }
        if (deletesAsked > 0) {
            return Expected.EITHER;
        }
        return answer == Answer.STORED || seen ? Expected.PRESENT : Expected.EITHER;
    }

    @Override
    public synchronized String toString() {
        return "upload " + content.number() + " (file " + id + ", " + user + ", " + name + ", " + content.size()
                + " bytes, " + answer + (seen ? ", seen" : "") + (deletesAsked > 0 ? ", delete asked" : "")
                + (removed ? ", deleted" : hidden ? ", hidden" : "") + ")";
    }
}

package dev.filestore;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Cursors: a place in a list, signed together with what the list is of. */
final class Cursors {

    private static final int POSITION_CHARACTERS = 22;

    private final Mac mac;

    Cursors(Mac mac) {
        this.mac = mac;
    }

    String encode(FileQuery query, RowQuery.Position position) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(microseconds(position.uploadedAt()))
                .putLong(position.id());
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        return text + sign(query, text);
    }

    RowQuery.Position decode(FileQuery query, String cursor) {
        if (cursor.length() <= POSITION_CHARACTERS) {
            throw new InvalidCursorException();
        }
        String text = cursor.substring(0, POSITION_CHARACTERS);
        if (!mac.verify(cursor.substring(POSITION_CHARACTERS), "cursor", fields(query, text))) {
            throw new InvalidCursorException();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new RowQuery.Position(Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS), bytes.getLong());
    }

    /** {@code ChronoUnit.MICROS.between} counts nanoseconds on the way, which end in the year 2262. */
    private static long microseconds(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    private String sign(FileQuery query, String position) {
        return mac.sign("cursor", fields(query, position));
    }

    private static String[] fields(FileQuery query, String position) {
        return new String[] {
            absentOr(query.owner()),
            absentOr(query.category() == null ? null : query.category().name()),
            position
        };
    }

    private static String absentOr(@Nullable String text) {
        return text == null ? "" : "=" + text;
    }
}

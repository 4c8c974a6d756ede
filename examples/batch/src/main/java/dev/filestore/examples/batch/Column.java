package dev.filestore.examples.batch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names under which a query gives what an application had recorded of its files. */
enum Column {
    REF,
    ID,
    KEY,
    NAME,
    OWNER,
    CONTENT_TYPE,
    SIZE,
    SHA256,
    CREATED_AT,
    EXPIRES_AT;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isTime() {
        return this == CREATED_AT || this == EXPIRES_AT;
    }

    boolean isRequired() {
        return this == KEY || this == OWNER;
    }

    static Optional<Column> of(String label) {
        return Arrays.stream(values())
                .filter(column -> column.label().equalsIgnoreCase(label))
                .findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(Column::label).collect(Collectors.joining(", "));
    }
}

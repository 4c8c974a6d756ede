package dev.filestore.metrics;

import dev.filestore.Category;
import dev.filestore.Operation;
import dev.filestore.SweepReport;
import dev.filestore.metrics.FileStoreObservations.Context;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an observation is called, and which key values it has. */
final class OperationConvention implements ObservationConvention<Context> {

    private static final String NONE = "none";

    private final KeyValues ofTheHost;

    OperationConvention(KeyValues ofTheHost) {
        this.ofTheHost = ofTheHost;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof Context;
    }

    @Override
    public String getName() {
        return "filestore.operation";
    }

    @Override
    public String getContextualName(Context context) {
        return "filestore " + label(context.kind());
    }

    /** The same keys at the start and at the end, and for every kind: they become the tags of one meter. */
    @Override
    public KeyValues getLowCardinalityKeyValues(Context context) {
        Operation operation = context.operation();
        Category category = operation == null ? null : operation.category();
        return ofTheHost.and(
                KeyValue.of("operation", label(context.kind())),
                KeyValue.of("outcome", label(operation == null ? null : operation.outcome())),
                KeyValue.of("reason", label(operation == null ? null : operation.reason())),
                KeyValue.of("category", category == null ? NONE : category.name()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(Context context) {
        Operation operation = context.operation();
        if (operation == null) {
            return KeyValues.empty();
        }
        KeyValues all = KeyValues.empty();
        if (operation.fileId() != 0) {
            all = all.and("file.id", String.valueOf(operation.fileId()));
        }
        if (operation.kind() == Operation.Kind.UPLOAD || operation.kind() == Operation.Kind.DOWNLOAD) {
            all = all.and("bytes", String.valueOf(operation.bytes()));
        }
        SweepReport swept = operation.swept();
        return swept == null
                ? all
                : all.and(
                        KeyValue.of("expired", String.valueOf(swept.expired())),
                        KeyValue.of("abandoned", String.valueOf(swept.abandoned())),
                        KeyValue.of("removed", String.valueOf(swept.removed())),
                        KeyValue.of("failed", String.valueOf(swept.failed())));
    }

    static String label(@Nullable Enum<?> value) {
        return value == null ? NONE : value.name().toLowerCase(Locale.ROOT);
    }
}

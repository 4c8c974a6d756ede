package dev.filestore;

import dev.filestore.FileRefusedException.Reason;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each operation, at the level debug: who serves HTTP has a line for each request already. It names the file by its
 * id alone, since names, keys and owners tell of people.
 */
final class OperationLog implements OperationObserver {

    private static final Logger LOG = LoggerFactory.getLogger("dev.filestore.operations");

    boolean isOn() {
        return LOG.isDebugEnabled();
    }

    @Override
    public void finished(Operation operation) {
        if (isOn()) {
            LOG.debug(line(operation));
        }
    }

    private static String line(Operation operation) {
        StringBuilder line = new StringBuilder("op=").append(label(operation.kind()));
        line.append(" outcome=").append(label(operation.outcome()));
        Reason reason = operation.reason();
        if (reason != null) {
            line.append(" reason=").append(label(reason));
        }
        if (operation.fileId() != 0) {
            line.append(" id=").append(operation.fileId());
        }
        Category category = operation.category();
        if (category != null) {
            line.append(" category=").append(category.name());
        }
        if (operation.kind() == Operation.Kind.UPLOAD || operation.kind() == Operation.Kind.DOWNLOAD) {
            line.append(" bytes=").append(operation.bytes());
        }
        SweepReport swept = operation.swept();
        if (swept != null) {
            line.append(" expired=").append(swept.expired());
            line.append(" abandoned=").append(swept.abandoned());
            line.append(" removed=").append(swept.removed());
            line.append(" failed=").append(swept.failed());
        }
        return line.append(" ms=").append(operation.elapsed().toMillis()).toString();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

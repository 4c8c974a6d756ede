package dev.filestore.examples.fuzzing.uploads;

import dev.filestore.FileRow;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what a storage and a database keep, by the calls that they answered. */
final class Counted {

    private final Set<Object> objects = new HashSet<>();
    private final Set<Object> rows = new HashSet<>();

    int objects() {
        return objects.size();
    }

    int rows() {
        return rows.size();
    }

    StorageBackend storage(StorageBackend storage) {
        return Requests.proxy(StorageBackend.class, (self, method, arguments) -> {
            Object answer = call(storage, method, arguments);
            switch (method.getName()) {
                case "put" -> objects.add(arguments[0]);
                case "delete", "purge" -> objects.remove(arguments[0]);
                default -> {}
            }
            return answer;
        });
    }

    MetadataRepository metadata(MetadataRepository metadata) {
        return Requests.proxy(MetadataRepository.class, (self, method, arguments) -> {
            Object answer = call(metadata, method, arguments);
            if (answer instanceof Optional<?> found && method.getName().equals("insert")) {
                found.ifPresent(row -> rows.add(((FileRow) row).id()));
            } else if (method.getName().equals("remove") && Boolean.TRUE.equals(answer)) {
                rows.remove(((FileRow) arguments[0]).id());
            }
            return answer;
        });
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}

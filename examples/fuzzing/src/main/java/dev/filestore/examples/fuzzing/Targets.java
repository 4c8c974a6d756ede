package dev.filestore.examples.fuzzing;

import dev.filestore.examples.fuzzing.targets.FieldsTarget;
import dev.filestore.examples.fuzzing.targets.FormsTarget;
import dev.filestore.examples.fuzzing.targets.NamesTarget;
import dev.filestore.examples.fuzzing.targets.RequestsTarget;
import dev.filestore.examples.fuzzing.targets.SignedTarget;
import dev.filestore.examples.fuzzing.targets.TokensTarget;
import dev.filestore.examples.fuzzing.targets.TypesTarget;
import java.util.List;
import java.util.function.Supplier;

/** All targets. */
public final class Targets {

    private static final List<Supplier<Target>> ALL = List.of(
            FormsTarget::new,
            FieldsTarget::new,
            TokensTarget::new,
            TypesTarget::new,
            NamesTarget::new,
            SignedTarget::new,
            RequestsTarget::new);

    private Targets() {}

    public static List<Target> all() {
        return ALL.stream().map(Supplier::get).toList();
    }

    /** The target of that name. */
    public static Target named(String name) {
        return all().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + name + "; there are "
                        + all().stream().map(Target::name).toList()));
    }
}

package dev.filestore.examples.fuzzing;

import org.jspecify.annotations.Nullable;

/** A find: an answer that a target must not give. */
public final class BrokenRule extends AssertionError {

    private static final long serialVersionUID = 1L;

    public BrokenRule(String rule) {
        super(rule);
    }

    public BrokenRule(String rule, Throwable cause) {
        super(rule, cause);
    }

    /** Throws one unless something holds; the rule is a format of what is shown. */
    @SuppressWarnings("AnnotateFormatMethod")
    public static void unless(boolean holds, String rule, @Nullable Object... shown) {
        if (!holds) {
            throw new BrokenRule(String.format(rule, shown));
        }
    }
}

package dev.filestore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The usual {@link MimePolicy}: a list of types, each with its category, its file name extensions, the mark that its
 * bytes bear, and a limit. A file is accepted where its name, its declared type and its bytes agree on one of them.
 * Immutable and thread-safe.
 *
 * <p>The name speaks by its extension, the bytes by their mark. A declared type that says nothing
 * ({@code application/octet-stream}, or none) is taken for silence; any other must be the type that the name says, or an
 * alias of it; case and parameters do not count. A name without an extension is silent too, and then the declared type
 * must speak: bytes alone are not enough.
 */
public final class AllowedTypes implements MimePolicy {

    /** How many bytes a file may have where nothing else was set: 50 MB. */
    public static final long DEFAULT_MAX_BYTES = 50L * 1024 * 1024;

    private final Map<String, Type> byContentType;
    private final Map<String, Type> byExtension = new LinkedHashMap<>();
    private final Map<String, Set<String>> aliases;
    private final String allowed;

    private AllowedTypes(Map<String, Type> types, Map<String, Set<String>> aliases) {
        this.byContentType = types;
        this.aliases = aliases;
        types.values().forEach(type -> type.extensions.forEach(extension -> byExtension.put(extension, type)));
        this.allowed = "; allowed are " + String.join(", ", byExtension.keySet());
    }

    /** {@code needsEnd}: the mark is looked for once more when the end of the file is in sight too. */
    private record Type(
            String contentType,
            Category category,
            Set<String> extensions,
            Predicate<Sight> mark,
            boolean needsEnd,
            long maxBytes) {}

    /**
     * The twelve types of images, videos and documents, each up to 50 MB.
     *
     * @return the policy
     */
    public static AllowedTypes standard() {
        return standardTypes().build();
    }

    /**
     * The twelve types, to be changed.
     *
     * @return a builder that holds them
     */
    public static Builder standardTypes() {
        Builder builder = new Builder();
        Signatures.standard(builder);
        return builder;
    }

    /**
     * No type at all, to start from.
     *
     * @return an empty builder
     */
    public static Builder none() {
        return new Builder();
    }

    @Override
    public Verdict judge(String fileName, @Nullable String declaredType, byte[] head) {
        String extension = FileNames.extension(fileName);
        String declared = MediaTypes.declared(declaredType);
        if (extension.isEmpty() && declared.isEmpty()) {
            return refused("The file name has no extension, and no type is declared");
        }
        List<Type> byDeclaration = meantBy(declared);
        if (!declared.isEmpty() && byDeclaration.isEmpty()) {
            return refused(MediaTypes.shown(declared) + " is not allowed");
        }
        if (extension.isEmpty()) {
            Type meant = byDeclaration.stream()
                    .filter(type -> type.mark.test(Sight.of(head)))
                    .findFirst()
                    .orElse(byDeclaration.get(0));
            return byBytes("The declared type says ", meant, head);
        }
        Type byName = byExtension.get(extension.substring(1).toLowerCase(Locale.ROOT));
        if (byName == null) {
            return refused(shown(extension) + " is not allowed");
        }
        if (!declared.isEmpty() && !byDeclaration.contains(byName)) {
            return refused("The name says " + byName.contentType + ", but the declared type says "
                    + byDeclaration.get(0).contentType);
        }
        return byBytes("The name says ", byName, head);
    }

    private Verdict byBytes(String says, Type type, byte[] head) {
        boolean isWhole = head.length < HEAD_BYTES;
        Sight sight = isWhole ? Sight.of(head, head, head.length) : Sight.of(head);
        if (!type.mark.test(sight)) {
            return lied(says, type, sight);
        }
        Accepted accepted = new Accepted(type.contentType, type.category, type.maxBytes);
        return isWhole || !type.needsEnd
                ? accepted
                : new AcceptedSoFar(accepted, (end, size) -> judgeEnd(says, type, Sight.of(head, end, size)));
    }

    private Optional<Refused> judgeEnd(String says, Type type, Sight sight) {
        return type.mark.test(sight) ? Optional.empty() : Optional.of(lied(says, type, sight));
    }

    private Refused lied(String says, Type type, Sight sight) {
        return refused(says + type.contentType + ", but " + bytesAre(sight));
    }

    private List<Type> meantBy(String declared) {
        Type itself = byContentType.get(declared);
        Set<String> others = aliases.getOrDefault(declared, Set.of());
        if (others.isEmpty()) {
            return itself == null ? List.of() : List.of(itself);
        }
        return Stream.concat(Stream.ofNullable(itself), others.stream().map(byContentType::get))
                .toList();
    }

    private Refused refused(String found) {
        return new Refused(found + allowed);
    }

    private String bytesAre(Sight sight) {
        return byContentType.values().stream()
                .filter(type -> type.mark.test(sight) && (sight.hasEnd() || !type.needsEnd))
                .findFirst()
                .map(type -> "the bytes say " + type.contentType)
                .orElseGet(() -> "the bytes are " + Appearance.of(sight));
    }

    /** An extension is the uploader's text, and only a plain one is repeated. */
    private static String shown(String extension) {
        boolean plain = extension.chars().skip(1).allMatch(c -> c < 0x80);
        return plain ? "The extension " + extension : "The extension of the file name";
    }

    /** Collects types and limits. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Type> types = new LinkedHashMap<>();
        private long maxBytes = DEFAULT_MAX_BYTES;
        private final Map<Category, Long> categoryLimits = new LinkedHashMap<>();
        private final Map<String, Long> typeLimits = new LinkedHashMap<>();
        private final Map<String, Set<String>> aliases = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Allows a type, in place of what was allowed under the same content type before.
         *
         * @param contentType such as {@code text/csv}: lower case, without parameters
         * @param category its category
         * @param extensions the extensions of its files, without the dot, at least one; each of 1 to
         *     {@value FileNames#LONGEST_EXTENSION} letters and digits, in any case
         * @param mark whether the first bytes, at most {@link MimePolicy#HEAD_BYTES}, are of that type; called by many
         *     threads at once
         * @return this
         * @throws IllegalArgumentException if the type or an extension has another form, or there is no extension
         */
        public Builder allow(String contentType, Category category, List<String> extensions, Predicate<byte[]> mark) {
            Objects.requireNonNull(mark, "mark");
            return allow(contentType, category, extensions, sight -> mark.test(sight.head()), false);
        }

        /** Allows a type whose mark is looked for in the first bytes, and then once more in these and the last. */
        Builder allowWhole(String contentType, Category category, List<String> extensions, Predicate<Sight> mark) {
            return allow(contentType, category, extensions, mark, true);
        }

        private Builder allow(
                String contentType,
                Category category,
                List<String> extensions,
                Predicate<Sight> mark,
                boolean needsEnd) {
            MediaTypes.requirePlain(contentType);
            Objects.requireNonNull(category, "category");
            if (extensions.isEmpty()) {
                throw new IllegalArgumentException("the type " + contentType + " needs an extension");
            }
            Set<String> lower = new LinkedHashSet<>();
            for (String extension : extensions) {
                if (!FileNames.extension("name." + extension).equals("." + extension)) {
                    throw new IllegalArgumentException("an extension is 1 to " + FileNames.LONGEST_EXTENSION
                            + " letters and digits, without a dot, found " + extension);
                }
                lower.add(extension.toLowerCase(Locale.ROOT));
            }
            types.put(
                    contentType,
                    new Type(contentType, category, Collections.unmodifiableSet(lower), mark, needsEnd, 0));
            return this;
        }

        /**
         * Takes another declared type for an allowed one. It may stand for several: the name, or else the bytes, decide.
         *
         * @param declaredType what uploaders declare, such as {@code image/jpg}: lower case, without parameters; it may
         *     be an allowed type itself
         * @param contentType the allowed type that they mean, such as {@code image/jpeg}
         * @return this
         * @throws IllegalArgumentException if a type has another form
         */
        public Builder alias(String declaredType, String contentType) {
            MediaTypes.requirePlain(contentType);
            aliases.computeIfAbsent(MediaTypes.requirePlain(declaredType), any -> new LinkedHashSet<>())
                    .add(contentType);
            return this;
        }

        /**
         * Allows a type no longer, and drops its aliases.
         *
         * @param contentType the type; one that is not allowed is no error
         * @return this
         */
        public Builder forbid(String contentType) {
            types.remove(contentType);
            aliases.values().forEach(meant -> meant.remove(contentType));
            return this;
        }

        /**
         * Sets the limit of every type that has none of its own.
         *
         * @param bytes at least 1
         * @return this
         */
        public Builder maxBytes(long bytes) {
            maxBytes = requireLimit(bytes);
            return this;
        }

        /**
         * Sets the limit of the types of one category.
         *
         * @param category the category
         * @param bytes at least 1
         * @return this
         */
        public Builder maxBytes(Category category, long bytes) {
            categoryLimits.put(category, requireLimit(bytes));
            return this;
        }

        /**
         * Sets the limit of one type.
         *
         * @param contentType the type
         * @param bytes at least 1
         * @return this
         */
        public Builder maxBytes(String contentType, long bytes) {
            typeLimits.put(contentType, requireLimit(bytes));
            return this;
        }

        /**
         * Makes the policy.
         *
         * @return the policy
         * @throws IllegalStateException if no type is allowed, if two types share an extension, or if a limit or an alias
         *     is of a type that is not allowed
         */
        public AllowedTypes build() {
            if (types.isEmpty()) {
                throw new IllegalStateException("no type is allowed");
            }
            Map<String, Type> limited = new LinkedHashMap<>();
            Map<String, String> seen = new LinkedHashMap<>();
            for (Type type : types.values()) {
                for (String extension : type.extensions) {
                    String other = seen.put(extension, type.contentType);
                    if (other != null) {
                        throw new IllegalStateException("the extension " + extension + " stands for both " + other
                                + " and " + type.contentType);
                    }
                }
                long limit =
                        typeLimits.getOrDefault(type.contentType, categoryLimits.getOrDefault(type.category, maxBytes));
                limited.put(
                        type.contentType,
                        new Type(type.contentType, type.category, type.extensions, type.mark, type.needsEnd, limit));
            }
            typeLimits.keySet().forEach(contentType -> requireAllowed("a limit", contentType));
            Map<String, Set<String>> meanings = new LinkedHashMap<>();
            aliases.forEach((declared, meant) -> {
                meant.forEach(contentType -> requireAllowed("an alias", contentType));
                meanings.put(declared, new LinkedHashSet<>(meant));
            });
            return new AllowedTypes(limited, meanings);
        }

        private void requireAllowed(String what, String contentType) {
            if (!types.containsKey(contentType)) {
                throw new IllegalStateException(what + " is set for " + contentType + ", which is not allowed");
            }
        }

        private static long requireLimit(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("a limit is at least 1 byte, found " + bytes);
            }
            return bytes;
        }
    }
}

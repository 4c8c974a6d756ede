package dev.filestore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The usual {@link MimePolicy}: a list of types, each with its category, its file name extensions, the mark that its
 * bytes bear, and a limit. A file is accepted where its name, its declared type and its bytes agree on one of them.
 * Immutable and thread-safe.
 *
 * <p>The name decides by its extension, the bytes by their mark. A declared type that says nothing
 * ({@code application/octet-stream}, or none) is taken for silence; any other must be the type that the name says.
 */
public final class AllowedTypes implements MimePolicy {

    /** How many bytes a file may have where nothing else was set: 50 MB. */
    public static final long DEFAULT_MAX_BYTES = 50L * 1024 * 1024;

    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}");

    private final Map<String, Type> types;
    private final Map<String, Type> byExtension;

    private AllowedTypes(Map<String, Type> types) {
        this.types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        Map<String, Type> extensions = new LinkedHashMap<>();
        types.values().forEach(type -> type.extensions.forEach(extension -> extensions.put(extension, type)));
        this.byExtension = Collections.unmodifiableMap(extensions);
    }

    private record Type(
            String contentType, Category category, Set<String> extensions, Predicate<byte[]> mark, long maxBytes) {}

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
        String extension = FileNames.extension(fileName).toLowerCase(Locale.ROOT);
        Type byName = byExtension.get(extension.isEmpty() ? "" : extension.substring(1));
        if (byName == null) {
            return new Refused((extension.isEmpty()
                            ? "The file name has no extension"
                            : "The extension " + extension + " is not allowed")
                    + "; allowed are " + extensions());
        }
        String declared = plainType(declaredType);
        if (!declared.isEmpty() && !declared.equals(byName.contentType)) {
            Type byDeclaration = types.get(declared);
            return new Refused(
                    byDeclaration == null
                            ? "The declared type is not allowed; allowed are " + String.join(", ", types.keySet())
                            : "The name says " + byName.contentType + ", but the declared type is "
                                    + byDeclaration.contentType);
        }
        if (!byName.mark.test(head)) {
            return new Refused("The name says " + byName.contentType + ", but the bytes are " + found(head));
        }
        return new Accepted(byName.contentType, byName.category, byName.maxBytes);
    }

    private String found(byte[] head) {
        return types.values().stream()
                .filter(type -> type.mark.test(head))
                .map(Type::contentType)
                .findFirst()
                .orElse("not of that type");
    }

    private String extensions() {
        return String.join(", ", byExtension.keySet());
    }

    /** Without parameters and in lower case; empty where it says nothing. */
    private static String plainType(@Nullable String declaredType) {
        if (declaredType == null) {
            return "";
        }
        int semicolon = declaredType.indexOf(';');
        String plain = (semicolon < 0 ? declaredType : declaredType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return plain.equals("application/octet-stream") ? "" : plain;
    }

    static String requireMediaType(String contentType) {
        Objects.requireNonNull(contentType, "contentType");
        if (!MEDIA_TYPE.matcher(contentType).matches()) {
            throw new IllegalArgumentException(
                    "a content type is of the form type/subtype in lower case without parameters, found "
                            + contentType);
        }
        return contentType;
    }

    /** Collects types and limits. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Type> types = new LinkedHashMap<>();
        private long maxBytes = DEFAULT_MAX_BYTES;
        private final Map<Category, Long> categoryLimits = new LinkedHashMap<>();
        private final Map<String, Long> typeLimits = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Allows a type.
         *
         * @param contentType such as {@code text/csv}: lower case, without parameters
         * @param category its category
         * @param extensions the extensions of its files, without the dot, at least one
         * @param mark whether the first bytes, at most {@link MimePolicy#HEAD_BYTES}, are of that type
         * @return this
         * @throws IllegalArgumentException if the type has another form, or there is no extension
         */
        public Builder allow(String contentType, Category category, List<String> extensions, Predicate<byte[]> mark) {
            requireMediaType(contentType);
            Objects.requireNonNull(category, "category");
            Objects.requireNonNull(mark, "mark");
            if (extensions.isEmpty()) {
                throw new IllegalArgumentException("the type " + contentType + " needs an extension");
            }
            Set<String> lower = new java.util.LinkedHashSet<>();
            extensions.forEach(extension -> lower.add(extension.toLowerCase(Locale.ROOT)));
            types.put(contentType, new Type(contentType, category, Collections.unmodifiableSet(lower), mark, 0));
            return this;
        }

        /**
         * Allows a type no longer.
         *
         * @param contentType the type; one that is not allowed is no error
         * @return this
         */
        public Builder forbid(String contentType) {
            types.remove(contentType);
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
         * @throws IllegalStateException if two types share an extension, or a limit names a type that is not allowed
         */
        public AllowedTypes build() {
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
                        type.contentType, new Type(type.contentType, type.category, type.extensions, type.mark, limit));
            }
            for (String contentType : typeLimits.keySet()) {
                if (!types.containsKey(contentType)) {
                    throw new IllegalStateException("a limit is set for " + contentType + ", which is not allowed");
                }
            }
            return new AllowedTypes(limited);
        }

        private static long requireLimit(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("a limit is at least 1 byte, found " + bytes);
            }
            return bytes;
        }
    }
}

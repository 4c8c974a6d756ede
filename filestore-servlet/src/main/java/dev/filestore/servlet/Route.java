package dev.filestore.servlet;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path names.
 *
 * @param target the resource
 * @param idText the id in the path, not checked yet; null where there is none
 */
record Route(Target target, @Nullable String idText) {

    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,18}");

    /** The resources, and the methods each has. */
    enum Target {
        FILES("GET", "HEAD"),
        UPLOAD("POST"),
        PRESIGNED_URL("POST"),
        FILE("GET", "HEAD", "DELETE"),
        CONTENT("GET", "HEAD"),
        OPENAPI("GET", "HEAD"),
        NOTHING;

        private final String allow;

        Target(String... methods) {
            this.allow = String.join(", ", methods) + (methods.length == 0 ? "" : ", ") + "OPTIONS";
        }

        boolean has(String method) {
            return Arrays.asList(allow.split(", ", -1)).contains(method);
        }

        /** The value of the header Allow. */
        String allow() {
            return allow;
        }
    }

    /** Finds out what a path below the servlet's own names. */
    static Route of(@Nullable String path) {
        if (path == null || path.isEmpty() || path.equals("/")) {
            return new Route(Target.FILES, null);
        }
        String[] segments = path.substring(1).split("/", -1);
        if (segments.length == 1) {
            return switch (segments[0]) {
                case "upload" -> new Route(Target.UPLOAD, null);
                case "presigned-url" -> new Route(Target.PRESIGNED_URL, null);
                case "openapi.json" -> new Route(Target.OPENAPI, null);
                default -> new Route(Target.FILE, segments[0]);
            };
        }
        return segments.length == 2 && segments[1].equals("content")
                ? new Route(Target.CONTENT, segments[0])
                : new Route(Target.NOTHING, null);
    }

    /** The id in the path. */
    long id() {
        String text = String.valueOf(idText);
        if (ID.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // 19 digits, and too many by a little: said below.
            }
        }
        throw Failure.Kind.INVALID.because("A file id is a whole number from 1, found " + Failure.quote(text));
    }

    /** Which of the rate limits counts a request. */
    RateLimits.Operation operation(String method) {
        return switch (target) {
            case UPLOAD -> RateLimits.Operation.UPLOAD;
            case FILES -> RateLimits.Operation.LIST;
            case FILE -> method.equals("DELETE") ? RateLimits.Operation.DELETE : RateLimits.Operation.OTHER;
            default -> RateLimits.Operation.OTHER;
        };
    }

    /** What a log calls a request. */
    String name(String method) {
        return switch (target) {
            case UPLOAD -> "upload";
            case FILES -> "list";
            case PRESIGNED_URL -> "presign";
            case FILE -> method.equals("DELETE") ? "delete" : "get";
            case CONTENT -> "content";
            case OPENAPI -> "openapi";
            case NOTHING -> "none";
        };
    }
}

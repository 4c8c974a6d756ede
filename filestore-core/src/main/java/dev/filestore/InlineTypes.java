package dev.filestore;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The content types that a browser may show on the spot; all others it saves. Immutable. */
final class InlineTypes {

    /**
     * Of the accepted types those that browsers decode and never run anything of. PDF is missing: its viewers run scripts,
     * and follow links that look like the application's own.
     */
    static final Set<String> STANDARD =
            Set.of("image/gif", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime");

    // Types under which some browser runs a script of the file's, alone or in another page, and those whose meaning
    // browsers guess. Beside PDF these are the scriptable, script and unknown types of the WHATWG's MIME Sniffing,
    // those that
    // were found to run scripts (BlackFan's content-type-research) or that ActiveStorage gives out as binary, and what
    // plug-ins ran.

    private static final Set<String> RUN_TYPES = Set.of("multipart", "message", "unknown");
    /** Of what a subtype consists, between plus signs, dots and hyphens. */
    private static final Set<String> RUN_WORDS = Set.of("xml", "xhtml", "html", "svg");

    private static final List<String> RUN_PARTS =
            List.of("javascript", "ecmascript", "jscript", "livescript", "vbscript");
    private static final List<String> RUN_STARTS = List.of("application/x-silverlight", "application/x-java-");
    private static final Set<String> RUN = Set.of(
            "text/xsl",
            "text/rdf",
            "text/vtt",
            "text/cache-manifest",
            "text/x-component",
            "text/x-scriptlet",
            "application/xslt",
            "application/rdf",
            "application/hta",
            "application/wasm",
            "application/unknown",
            "application/octet-stream",
            "application/postscript",
            "application/futuresplash",
            "application/x-shockwave-flash",
            "application/java-archive",
            "application/java-vm",
            "application/x-mimearchive",
            "application/x-web-archive",
            "application/x-webarchive",
            "binary/octet-stream");

    private final Set<String> types;

    private InlineTypes(Set<String> types) {
        this.types = types;
    }

    static InlineTypes of(Set<String> contentTypes) {
        for (String type : new TreeSet<>(contentTypes)) {
            MediaTypes.requirePlain(type);
            if (isRun(type)) {
                throw new IllegalArgumentException("browsers run what is in " + type
                        + ", or guess what it is: a file of a user's is never shown under that type");
            }
        }
        return new InlineTypes(Set.copyOf(contentTypes));
    }

    /** Whether some browser runs what is in a type, or guesses what it is. */
    static boolean isRun(String type) {
        int slash = type.indexOf('/');
        String subtype = type.substring(slash + 1);
        return RUN.contains(type)
                || RUN_TYPES.contains(type.substring(0, slash))
                || RUN_STARTS.stream().anyMatch(type::startsWith)
                || RUN_PARTS.stream().anyMatch(subtype::contains)
                || Arrays.stream(subtype.split("[+.-]", -1)).anyMatch(RUN_WORDS::contains);
    }

    /** Whether a browser may show a type on the spot. */
    boolean areShown(String contentType) {
        return types.contains(contentType);
    }

    /** Under which header fields a file is handed out: shown only if that is asked for and its type allows it. */
    ObjectHeaders headers(String contentType, String name, Disposition asked) {
        Objects.requireNonNull(asked, "asked");
        Disposition disposition =
                asked == Disposition.INLINE && types.contains(contentType) ? asked : Disposition.ATTACHMENT;
        return new ObjectHeaders(contentType, FileNames.contentDisposition(disposition, name));
    }
}

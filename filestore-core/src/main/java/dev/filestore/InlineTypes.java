package dev.filestore;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The content types that a browser may show on the spot; all others it saves. Immutable. */
final class InlineTypes {

    /**
     * Of the accepted types those that browsers decode and never run anything of. PDF is missing: its viewers run scripts,
     * and follow links that look like the application's own.
     */
    static final Set<String> STANDARD =
            Set.of("image/gif", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime");

    /**
     * Types under which some browser runs a script of the file's, alone or in another page, and those whose meaning browsers
     * guess. Beside PDF these are the scriptable, script and unknown types of the WHATWG's MIME Sniffing, those that were found
     * to run scripts (BlackFan's content-type-research) or that ActiveStorage gives out as binary, and what plug-ins ran.
     */
    private static final Pattern RUN = Pattern.compile("(multipart|message|unknown)/.*"
            + "|.*/(.*[+.-])?(xml|xhtml|html|svg)([+.-].*)?"
            + "|.*/.*(javascript|ecmascript|jscript|livescript|vbscript).*"
            + "|text/(xsl|rdf|vtt|cache-manifest|x-component|x-scriptlet)"
            + "|application/(xslt|rdf|hta|wasm|unknown|octet-stream|postscript|futuresplash|x-shockwave-flash"
            + "|x-silverlight.*|x-java-.*|java-archive|java-vm|x-mimearchive|x-web-archive|x-webarchive)"
            + "|binary/octet-stream");

    private final Set<String> types;

    private InlineTypes(Set<String> types) {
        this.types = types;
    }

    static InlineTypes of(Set<String> contentTypes) {
        for (String type : new TreeSet<>(contentTypes)) {
            MediaTypes.requirePlain(type);
            if (RUN.matcher(type).matches()) {
                throw new IllegalArgumentException("browsers run what is in " + type
                        + ", or guess what it is: a file of a user's is never shown under that type");
            }
        }
        return new InlineTypes(Set.copyOf(contentTypes));
    }

    /** Under which header fields a file is handed out: shown only if that is asked for and its type allows it. */
    ObjectHeaders headers(String contentType, String name, Disposition asked) {
        Objects.requireNonNull(asked, "asked");
        Disposition disposition =
                asked == Disposition.INLINE && types.contains(contentType) ? asked : Disposition.ATTACHMENT;
        return new ObjectHeaders(contentType, FileNames.contentDisposition(disposition, name));
    }
}

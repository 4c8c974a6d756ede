package dev.filestore.examples.fuzzing.forms;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A second opinion about forms: the rules of RFC 7578 and of this server's documents, applied to a whole body in memory by
 * the plainest means. It shares no code with the parser that it judges.
 */
public final class ReferenceForm {

    private static final int MAX_PREAMBLE_BYTES = 8 * 1024;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_EPILOGUE_BYTES = 64 * 1024;
    private static final int MAX_PADDING = 128;
    private static final int MAX_PARTS = 32;
    private static final int MAX_TTL_BYTES = 64;
    private static final int MAX_IGNORED_BYTES = 64 * 1024;
    private static final int MAX_TTL_HOURS = 87_600;

    private static final Pattern PARAMETER = Pattern.compile(
            ";[ \t]*(?:$|([^=]*)=[ \t]*(?:\"((?:\\\\[\"\\\\]|[^\"])*+)\"[ \t]*|((?!\")[^;]*))(?=;|$))", Pattern.DOTALL);

    private static final String TOKEN = "[0-9A-Za-z!#$%&'*+.^_`|~-]+";
    private static final Pattern PLAIN_LINE = Pattern.compile(TOKEN + ":[ \t]?[^\\p{Cntrl}\ufffd]*");
    private static final Pattern PLAIN_DISPOSITION = Pattern.compile(
            "form-data(?:; ?(?:name|filename)=(?:" + TOKEN + "|\"(?:[^\"\\\\\\p{Cntrl}]|\\\\[\"\\\\])*+\"))*+");
    /** What is surely a header line, and surely a list of parameters, however unusual. */
    private static final Pattern SURE_LINE = Pattern.compile(TOKEN + ":[[^\\p{Cntrl}\\p{Z}\ufffd] \t]*");

    private static final Pattern SURE_DISPOSITION = Pattern.compile(
            "[^;]*(?:;[ \t]*" + TOKEN + "=(?:\"(?:\\\\[\"\\\\]|[^\"])*+\"|[^\";\\s]*)[ \t]*)*+;?[ \t]*");

    private static final Pattern PLAIN_TYPE = Pattern.compile(
            "multipart/form-data; ?boundary=(?:" + TOKEN + "|\"[^\"\\\\\\p{Cntrl}]*\")", Pattern.CASE_INSENSITIVE);

    private final byte[] data;
    private final byte[] delimiter;
    private boolean plain = true;
    private boolean sure = true;

    private ReferenceForm(byte[] body, String boundary) {
        this.data = ("\r\n" + latin1(body)).getBytes(StandardCharsets.ISO_8859_1);
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * A form that can be read.
     *
     * @param parts its parts
     * @param plain whether it is as every client writes it. Where it is not, a parser may be stricter than this one, and
     *     refuse it
     * @param sure whether the rules leave no doubt what the headers say. Where they do, only the contents of the parts, in
     *     their order, are meant
     */
    public record Form(List<Part> parts, boolean plain, boolean sure) {}

    /** An upload as a form asks for it; {@code plain} as of its form. */
    public record Upload(Part file, @Nullable Long ttlHours, boolean plain) {}

    /** Whether a Content-Type is as every client writes it. */
    public static boolean isPlainType(String contentType) {
        return PLAIN_TYPE.matcher(contentType).matches();
    }

    /** A form that is refused. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** The parts of a body; empty where the body is refused. */
    public static Optional<Form> form(byte[] body, String boundary) {
        try {
            ReferenceForm form = new ReferenceForm(body, boundary);
            return Optional.of(form.read());
        } catch (Refused refused) {
            return Optional.empty();
        }
    }

    /** The upload in a body whose headers are sure; empty where it is refused, whatever is thought of the file itself. */
    public static Optional<Upload> upload(byte[] body, String boundary, @Nullable String queryTtl) {
        return form(body, boundary).filter(Form::sure).flatMap(form -> {
            try {
                return Optional.of(upload(form, queryTtl));
            } catch (Refused refused) {
                return Optional.empty();
            }
        });
    }

    private static Upload upload(Form form, @Nullable String queryTtl) throws Refused {
        Part file = null;
        Long ttl = queryTtl == null ? null : hours(queryTtl);
        for (Part part : form.parts()) {
            switch (part.name()) {
                case "file" -> {
                    require(file == null && part.fileName() != null);
                    file = part;
                }
                case "expires_in_hours" -> {
                    require(ttl == null && part.content().length <= MAX_TTL_BYTES);
                    ttl = hours(part.text());
                }
                default -> require(part.content().length <= MAX_IGNORED_BYTES);
            }
        }
        if (file == null) {
            throw new Refused("no file");
        }
        return new Upload(file, ttl, form.plain());
    }

    private static Long hours(String text) throws Refused {
        require(!text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9'));
        long hours = Long.parseLong(text);
        require(hours >= 1 && hours <= MAX_TTL_HOURS);
        return hours;
    }

    private Form read() throws Refused {
        List<Part> parts = parse();
        return new Form(parts, plain, sure);
    }

    private List<Part> parse() throws Refused {
        int at = find(delimiter, 0);
        require(at >= 0 && at <= MAX_PREAMBLE_BYTES);
        List<Part> parts = new ArrayList<>();
        while (true) {
            at += delimiter.length;
            if (startsWith("--", at)) {
                require(data.length - at - 2 <= MAX_EPILOGUE_BYTES);
                return parts;
            }
            int lineEnd = at;
            while (lineEnd < data.length && (data[lineEnd] == ' ' || data[lineEnd] == '\t')) {
                lineEnd++;
            }
            require(lineEnd - at <= MAX_PADDING && startsWith("\r\n", lineEnd) && parts.size() < MAX_PARTS);
            int header = lineEnd + 2;
            int content = headerEnd(header);
            int end = find(delimiter, content);
            require(end >= 0);
            String text = new String(data, header, content - header, StandardCharsets.UTF_8);
            parts.add(part(text, isSure(text), Arrays.copyOfRange(data, content, end)));
            at = end;
        }
    }

    /** Behind the empty line that ends a header. */
    private int headerEnd(int start) throws Refused {
        int line = start;
        while (true) {
            int cr = find(new byte[] {'\r'}, line);
            require(cr >= 0 && startsWith("\r\n", cr) && cr + 2 - start <= MAX_HEADER_BYTES);
            if (cr == line) {
                return cr + 2;
            }
            line = cr + 2;
        }
    }

    private static boolean isSure(String header) {
        for (String line : header.replaceAll("\r\n(?=[ \t])", "").split("\r\n", -1)) {
            boolean disposition = line.regionMatches(true, 0, "content-disposition:", 0, 20);
            boolean sureLine = line.isEmpty() || SURE_LINE.matcher(line).matches();
            if (!sureLine
                    || (disposition
                            && !SURE_DISPOSITION.matcher(line.substring(20)).matches())) {
                return false;
            }
        }
        return true;
    }

    private Part part(String header, boolean isSure, byte[] content) throws Refused {
        if (!isSure) {
            plain = false;
            sure = false;
            return new Part("", null, null, null, null, content);
        }
        return part(header, content);
    }

    private Part part(String header, byte[] content) throws Refused {
        List<String> lines = new ArrayList<>();
        for (String line : header.split("\r\n", -1)) {
            if (!lines.isEmpty() && !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1) + line);
            } else {
                lines.add(line);
            }
        }
        plain &= !header.contains("\r\n ") && !header.contains("\r\n\t");
        Map<String, String> fields = new HashMap<>();
        for (String line : lines) {
            if (!line.isEmpty()) {
                plain &= PLAIN_LINE.matcher(line).matches();
                int colon = line.indexOf(':');
                require(colon > 0);
                require(fields.put(
                                line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                                line.substring(colon + 1).strip())
                        == null);
            }
        }
        String encoding = fields.getOrDefault("content-transfer-encoding", "8bit");
        require(List.of("binary", "8bit", "7bit").contains(encoding.toLowerCase(Locale.ROOT)));
        String disposition = fields.get("content-disposition");
        Map<String, String> parameters = parameters(disposition);
        plain &= disposition != null && PLAIN_DISPOSITION.matcher(disposition).matches();
        String name = parameters.get("name");
        if (name == null) {
            throw new Refused("no name");
        }
        String plain = parameters.get("filename");
        String extended = parameters.get("filename*");
        return new Part(
                browserText(name),
                extended != null ? extended(extended) : plain == null ? null : browserText(plain),
                fields.get("content-type"),
                fields.get("content-digest"),
                fields.get("repr-digest"),
                content);
    }

    private static Map<String, String> parameters(@Nullable String disposition) throws Refused {
        if (disposition == null) {
            throw new Refused("no disposition");
        }
        int semicolon = disposition.indexOf(';');
        int at = semicolon < 0 ? disposition.length() : semicolon;
        require(disposition.substring(0, at).strip().equalsIgnoreCase("form-data"));
        Map<String, String> parameters = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(disposition);
        while (at < disposition.length()) {
            require(parameter.find(at) && parameter.start() == at);
            at = parameter.end();
            if (parameter.group(1) != null) {
                String quoted = parameter.group(2);
                String value = quoted != null
                        ? quoted.replaceAll("\\\\([\"\\\\])", "$1")
                        : String.valueOf(parameter.group(3)).strip();
                require(parameters.put(parameter.group(1).strip().toLowerCase(Locale.ROOT), value) == null);
            }
        }
        return parameters;
    }

    private static String browserText(String text) {
        return text.replace("%22", "\"")
                .replace("%0D", "\r")
                .replace("%0d", "\r")
                .replace("%0A", "\n")
                .replace("%0a", "\n");
    }

    private static String extended(String value) throws Refused {
        String[] pieces = value.split("'", 3);
        require(pieces.length == 3 && pieces[0].equalsIgnoreCase("utf-8"));
        require(pieces[2].matches("(?:[!-$&-~]|%[0-9A-Fa-f]{2})*+"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < pieces[2].length(); i++) {
            char c = pieces[2].charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(pieces[2].substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused("not UTF-8");
        }
    }

    private int find(byte[] wanted, int from) {
        for (int at = from; at + wanted.length <= data.length; at++) {
            if (data[at] == wanted[0] && Arrays.equals(data, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    private boolean startsWith(String text, int at) {
        return at + text.length() <= data.length
                && new String(data, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean holds) throws Refused {
        if (!holds) {
            throw new Refused("a rule is broken");
        }
    }
}

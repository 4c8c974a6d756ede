package dev.filestore.examples.webapp;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The page that uses the endpoints: a few files beside this class, served from memory, and what they must know. */
final class Page extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "style.css", "text/css; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "api.js", "text/javascript; charset=utf-8",
            "uploads.js", "text/javascript; charset=utf-8",
            "view.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    /** One that can be sent. */
    private record Content(String type, String text, String entityTag) {

        static Content of(String type, String text) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return new Content(type, text, '"' + Base64.getUrlEncoder().encodeToString(digest) + '"');
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    private final URI address;
    private final String policy;
    private final transient Map<String, Content> contents = new HashMap<>();

    /**
     * Reads the files.
     *
     * @param address where this server is
     * @param fileOrigins from which origins beside its own the page shows files
     * @param maxBytes the largest file that is accepted
     * @param users who may come in without a token; nobody if empty
     */
    Page(URI address, Collection<String> fileOrigins, long maxBytes, List<DeveloperLogin.User> users) {
        this.address = address;
        this.policy = policy(fileOrigins);
        FILES.forEach((name, type) -> contents.put(name, Content.of(type, read(name))));
        String config = "{\"max_bytes\":" + maxBytes + ",\"login\":["
                + String.join(
                        ",", users.stream().map(DeveloperLogin.User::toJson).toList())
                + "]}";
        contents.put("config.json", Content.of("application/json", config));
    }

    /** No script and no style but the page's own files, and nothing from other hosts but the files themselves. */
    private static String policy(Collection<String> fileOrigins) {
        String files = String.join(
                " ", Stream.concat(Stream.of("'self'"), fileOrigins.stream()).toList());
        return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src " + files
                + "; media-src " + files + "; frame-src " + files
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
    }

    private static String read(String name) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("page/" + name + " is missing beside the class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("page/" + name + " cannot be read", e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isByAnotherName(request)) {
            // Signed addresses bear the one name, and files are shown to pages of their own origin alone.
            response.setHeader("Location", address + "/");
            response.setStatus(HttpServletResponse.SC_FOUND);
            return;
        }
        String path = request.getPathInfo();
        Content content = contents.get(path == null || path.equals("/") ? "index.html" : path.substring(1));
        if (content == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader("Content-Security-Policy", policy);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", content.entityTag());
        if (content.entityTag().equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(content.type());
        byte[] bytes = content.text().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Whether somebody at this machine calls the server {@code localhost}, while its address has a number. */
    private boolean isByAnotherName(HttpServletRequest request) {
        return request.getServerName().equals("localhost")
                && "127.0.0.1".equals(address.getHost())
                && request.getServerPort() == address.getPort();
    }
}

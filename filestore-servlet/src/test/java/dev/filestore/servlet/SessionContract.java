package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import dev.filestore.servlet.ServletServer.Mount;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * No answer makes a session or sets a cookie, in a container that would. ActiveStorage's proxy sent the visitor's session
 * cookie with files that shared caches were told to keep (CVE-2024-26144).
 */
abstract class SessionContract {

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    abstract ServletServer server(Mount mount);

    private Mount watched() {
        Filter watch = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public HttpSession getSession() {
                        asked.add("getSession");
                        return super.getSession();
                    }

                    @Override
                    public HttpSession getSession(boolean create) {
                        asked.add("getSession " + create);
                        return super.getSession(create);
                    }

                    @Override
                    public String changeSessionId() {
                        asked.add("changeSessionId");
                        return super.changeSessionId();
                    }
                },
                response);
        return new Mount("", "/api/files/*", false, List.of(watch));
    }

    @Test
    void anyRequest_makesNoSessionAndSetsNoCookie() {
        try (MemoryTarget target = new MemoryTarget(
                server(watched()),
                Clock.systemUTC(),
                settings -> settings.redirects(Redirects.IF_ASKED, Duration.ofMinutes(1)))) {
            HttpCalls mine = target.as("123");
            HttpCalls anonymous = new HttpCalls(target.base(), null);
            Answer uploaded = mine.uploadPdf("a.pdf");
            String file = "/" + uploaded.id();
            Answer presigned = mine.postJson("/presigned-url", "{\"file_id\":" + uploaded.id() + "}");
            String signed = presigned.field("presigned_url");
            // A cookie that a client has is neither taken up nor renewed.
            List<Answer> answers = List.of(
                    uploaded,
                    presigned,
                    mine.get(""),
                    mine.get(file),
                    mine.get(file + "/content"),
                    mine.send("HEAD", file + "/content", request -> {}),
                    mine.send("GET", file + "/content", request -> request.header("Range", "bytes=0-3")),
                    mine.send("GET", file + "/content", request -> request.header("If-None-Match", "*")),
                    mine.send("GET", file + "/content", request -> request.header("Cookie", "JSESSIONID=abc")),
                    mine.get(file + "/content?redirect=true"),
                    mine.send("OPTIONS", file, request -> {}),
                    anonymous.get(signed),
                    anonymous.get(signed + "x"),
                    anonymous.get(file + "/content"),
                    mine.upload(new Form().field("a", "b")),
                    mine.get(file + "/nothing"),
                    mine.send("DELETE", file, request -> {}),
                    mine.get(file));

            assertThat(answers).extracting(Answer::status).contains(200, 201, 204, 206, 302, 304, 400, 401, 403, 404);
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.header("Set-Cookie")).isNull();
                assertThat(String.valueOf(answer.header("Cache-Control"))).doesNotContain("public");
            });
            assertThat(asked).isEmpty();
        }
    }

    /** Without this the test above would pass in a container without sessions. */
    @Test
    void servletThatMakesASession_isNoticed() {
        try (ServletServer server = server(watched())) {
            server.start(new HttpServlet() {
                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                    request.getSession();
                }
            });

            Answer answer = new HttpCalls(server.base(), null).get("/any");

            assertThat(answer.header("Set-Cookie")).startsWith("JSESSIONID=");
            assertThat(asked).containsExactly("getSession");
        }
    }
}

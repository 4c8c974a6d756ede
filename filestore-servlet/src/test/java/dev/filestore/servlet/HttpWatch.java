package dev.filestore.servlet;

import java.net.http.HttpHeaders;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every request that {@link HttpCalls} and {@link Wire} send, and of its answer; an AssertionError fails the test
 * that sent it. It is found as a service, so that no test can forget it, and so that modules which run the HTTP contract
 * can do without what it needs. Safe for any number of threads.
 */
public interface HttpWatch {

    /**
     * Looks at an answer.
     *
     * @param request what was sent
     * @param answer what came back
     */
    void seen(Request request, Answer answer);

    /**
     * What was sent.
     *
     * @param method the method
     * @param base the path of the servlet
     * @param target path and query, as they were sent
     * @param fields the header
     * @param latin1 the body, a character for each byte; null where it is not known as a whole
     */
    record Request(
            String method,
            String base,
            String target,
            HttpHeaders fields,
            @Nullable String latin1) {}

    /**
     * What came back.
     *
     * @param status the status
     * @param fields the header
     * @param latin1 the body, a character for each byte; null where it is not known as a whole
     */
    record Answer(int status, HttpHeaders fields, @Nullable String latin1) {}

    /** The one that is on the class path, or one that does not look. */
    static HttpWatch find() {
        return ServiceLoader.load(HttpWatch.class).findFirst().orElse((request, answer) -> {});
    }
}

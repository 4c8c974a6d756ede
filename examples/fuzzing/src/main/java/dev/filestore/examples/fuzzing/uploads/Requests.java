package dev.filestore.examples.fuzzing.uploads;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests as a container gives them to a servlet that is mapped to {@code /api/files/*}, without one. */
public final class Requests {

    private static final HttpServletMapping MAPPING = proxy(
            HttpServletMapping.class,
            (self, method, arguments) ->
                    method.getName().equals("getMappingMatch") ? MappingMatch.PATH : absent(method));

    private static final ServletContext CONTEXT = proxy(
            ServletContext.class,
            (self, method, arguments) ->
                    method.getName().equals("getMajorVersion") ? Integer.valueOf(6) : absent(method));

    private Requests() {}

    /** A request that has one field in its header and nothing else. */
    public static HttpServletRequest withField(String name, String value) {
        return of(new RawRequest("GET", "/", null, Map.of(name.toLowerCase(Locale.ROOT), List.of(value)), new byte[0]));
    }

    static HttpServletRequest of(RawRequest raw) {
        InputStream stream = raw.stream();
        ServletInputStream body = new Body(stream);
        return proxy(HttpServletRequest.class, (self, method, arguments) -> switch (method.getName()) {
            case "getMethod" -> raw.method();
            case "getPathInfo" -> raw.path().isEmpty() ? null : raw.path();
            case "getQueryString" -> raw.query();
            case "getServletPath" -> "/api/files";
            case "getRequestURI" -> "/api/files" + raw.path();
            case "getContextPath" -> "";
            case "getProtocol" -> "HTTP/1.1";
            case "getScheme" -> "https";
            case "getRemoteAddr" -> "127.0.0.1";
            case "getHeader" -> raw.field((String) arguments[0]);
            case "getHeaders" -> Collections.enumeration(raw.all((String) arguments[0]));
            case "getHeaderNames" -> Collections.enumeration(raw.fields().keySet());
            case "getContentType" -> raw.field("Content-Type");
            case "getContentLengthLong" -> raw.length();
            case "getContentLength" -> (int) Math.min(raw.length(), Integer.MAX_VALUE);
            case "getInputStream" -> body;
            case "getHttpServletMapping" -> MAPPING;
            case "getServletContext" -> CONTEXT;
            default -> absent(method);
        });
    }

    /** The interface by a handler. */
    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** What a container answers that knows nothing of it. */
    static @Nullable Object absent(Method method) {
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        return type == long.class ? (Object) 0L : null;
    }

    private static final class Body extends ServletInputStream {

        private final InputStream in;

        Body(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return in.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}

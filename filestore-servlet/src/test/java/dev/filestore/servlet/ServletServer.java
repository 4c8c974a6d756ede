package dev.filestore.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.util.List;

/** A servlet container in this process, on a free port of 127.0.0.1. */
interface ServletServer extends AutoCloseable {

    /** Where the servlet answers. */
    URI base();

    /** Starts with this servlet. */
    void start(Servlet servlet);

    /** How the servlet is mounted. */
    record Mount(String contextPath, String mapping, boolean multipartConfig, List<Filter> filters) {

        static final Mount USUAL = new Mount("", "/api/files/*", false, List.of());

        /** The path of the servlet. */
        String path() {
            return contextPath + mapping.replaceAll("/\\*?$", "");
        }
    }

    @Override
    void close();
}

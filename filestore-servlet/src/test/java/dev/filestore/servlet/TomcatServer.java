package dev.filestore.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.jspecify.annotations.Nullable;

/** Tomcat 10.1, or 11 where that is on the class path. */
final class TomcatServer implements ServletServer {

    private final Mount mount;
    private final Tomcat tomcat = new Tomcat();
    private final Path baseDir;

    TomcatServer(Mount mount) {
        this(mount, null);
    }

    /** Gives up a connection on which nothing comes or goes for so long; after Tomcat's own time if null. */
    TomcatServer(Mount mount, @Nullable Duration idle) {
        this.mount = mount;
        try {
            this.baseDir = Files.createTempDirectory("tomcat");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tomcat.setBaseDir(baseDir.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        if (idle != null) {
            tomcat.getConnector().setProperty("connectionTimeout", Long.toString(idle.toMillis()));
        }
        try {
            // The port is wanted before the servlet is there: it stands in the addresses that the store signs.
            tomcat.init();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI base() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + mount.path());
    }

    @Override
    public void start(Servlet servlet) {
        Context context = tomcat.addContext(mount.contextPath(), baseDir.toString());
        Wrapper wrapper = Tomcat.addServlet(context, "files", servlet);
        // No asynchronous support, as in a web.xml that does not mention it.
        wrapper.setAsyncSupported(false);
        if (mount.multipartConfig()) {
            wrapper.setMultipartConfigElement(new MultipartConfigElement(baseDir.toString()));
        }
        wrapper.addMapping(mount.mapping());
        int number = 0;
        for (Filter filter : mount.filters()) {
            FilterDef definition = new FilterDef();
            definition.setFilterName("filter" + number++);
            definition.setFilter(filter);
            context.addFilterDef(definition);
            FilterMap map = new FilterMap();
            map.setFilterName(definition.getFilterName());
            map.addURLPattern("/*");
            context.addFilterMap(map);
        }
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}

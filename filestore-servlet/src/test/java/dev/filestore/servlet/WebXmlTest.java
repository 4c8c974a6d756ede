package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web application that names the servlet in its web.xml, and makes the store in a listener. */
class WebXmlTest {

    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <listener>
                <listener-class>dev.filestore.servlet.WebXmlTest$Opening</listener-class>
              </listener>
              <servlet>
                <servlet-name>files</servlet-name>
                <servlet-class>dev.filestore.servlet.FileStoreServlet</servlet-class>
              </servlet>
              <servlet-mapping>
                <servlet-name>files</servlet-name>
                <url-pattern>/api/files/*</url-pattern>
              </servlet-mapping>
            </web-app>
            """;

    @TempDir
    Path folder;

    /** Made by the container. */
    public static final class Opening implements ServletContextListener {

        private final FileStore store = FileStore.builder()
                .storage(new MemoryStorage())
                .metadata(new MemoryMetadata())
                .build();

        @Override
        public void contextInitialized(ServletContextEvent event) {
            AccessPolicy access = request -> Optional.of(Caller.user("123"));
            ServletContext context = event.getServletContext();
            context.setAttribute(FileStoreServlet.STORE_ATTRIBUTE, store);
            context.setAttribute(FileStoreServlet.ACCESS_POLICY_ATTRIBUTE, access);
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            store.close();
        }
    }

    @Test
    void mount_byWebXml_uploadsAndLists() throws Exception {
        Path application = Files.createDirectories(folder.resolve("application"));
        Files.writeString(
                Files.createDirectories(application.resolve("WEB-INF")).resolve("web.xml"), WEB_XML);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("/shop", application.toString());
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        tomcat.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/shop/api/files");

            HttpResponse<String> uploaded = send(HttpRequest.newBuilder(URI.create(base + "/upload"))
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(HttpRequest.BodyPublishers.ofString("--b\r\nContent-Disposition: form-data; name=\"file\";"
                            + " filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n\r\n--b--\r\n")));

            assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
            assertThat(uploaded.headers().firstValue("Location")).contains("/shop/api/files/1");
            assertThat(send(HttpRequest.newBuilder(base)).body()).contains("\"total\":1");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

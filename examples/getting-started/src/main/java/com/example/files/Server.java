package com.example.files;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.filestore.FileStore;
import dev.filestore.Sweeper;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.JwtAccessPolicy;
import jakarta.persistence.EntityManagerFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;

/** Serves the HTTP API, and prints a token of user 123 to try it with. */
public final class Server {

    private Server() {}

    public static void main(String[] arguments) throws Exception {
        byte[] secret = new byte[32]; // yours comes from where your login signs its tokens
        new SecureRandom().nextBytes(secret);
        try (EntityManagerFactory database = Store.database();
                FileStore store = Store.open(database)) {
            Sweeper sweeper = Sweeper.start(store, Duration.ofMinutes(1));
            JwtAccessPolicy access = JwtAccessPolicy.builder().hs256(secret).build();
            ServletContextHandler application = new ServletContextHandler();
            application.addServlet(
                    new ServletHolder(FileStoreServlet.builder(store, access).build()), "/api/files/*");

            org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();
            ServerConnector connector = new ServerConnector(jetty);
            connector.setHost("127.0.0.1");
            connector.setPort(Integer.getInteger("port", 8080));
            jetty.addConnector(connector);
            jetty.setHandler(application);
            jetty.start();
            System.out.println("URL=http://127.0.0.1:" + connector.getLocalPort() + "/api/files");
            System.out.println("TOKEN=" + token(secret, "123"));
            jetty.join();
            sweeper.close();
        }
    }

    private static String token(byte[] secret, String user) {
        return JWT.create()
                .withSubject(user)
                .withExpiresAt(Instant.now().plus(Duration.ofHours(1)))
                .sign(Algorithm.HMAC256(secret));
    }
}

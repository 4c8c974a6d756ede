package dev.filestore.examples.reliability.killer;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/** Calls the endpoints of the nodes, as any user. Thread-safe. */
final class Api {

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    private static final Algorithm SIGNATURE = Algorithm.HMAC256(Servers.JWT_SECRET);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    static String token(String user, String role) {
        return JWT.create()
                .withSubject(user)
                .withClaim("role", role)
                .withExpiresAt(Instant.now().plus(TOKEN_LIFETIME))
                .sign(SIGNATURE);
    }

    Answer get(URI address, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address).GET(), token);
    }

    Answer delete(URI address, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address).DELETE(), token);
    }

    Answer post(URI address, String token, String json) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)),
                token);
    }

    /** Reads what needs no token. */
    Answer get(URI address) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address).GET());
    }

    private Answer send(HttpRequest.Builder request, String token) throws IOException, InterruptedException {
        return send(request.header("Authorization", "Bearer " + token));
    }

    /** Throws where the answer breaks off, be it in the middle of the body. */
    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
        return new Answer(answer.statusCode(), answer.body());
    }
}

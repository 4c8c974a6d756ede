package dev.filestore.s3;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Settings that more than one type of this package reads from the environment. */
final class Environment {

    private Environment() {}

    /** The value without the white space around it; null where it is absent or blank. */
    static @Nullable String value(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** The credentials of {@code AWS_ACCESS_KEY_ID} and its companions; null where there are none. */
    static @Nullable AwsCredentialsProvider credentials(Map<String, String> environment) {
        String id = value(environment, "AWS_ACCESS_KEY_ID");
        String secret = value(environment, "AWS_SECRET_ACCESS_KEY");
        String token = value(environment, "AWS_SESSION_TOKEN");
        if (id == null && secret == null) {
            return null;
        }
        if (id == null || secret == null) {
            throw new IllegalArgumentException(
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set together, or neither");
        }
        return StaticCredentialsProvider.create(
                token == null
                        ? AwsBasicCredentials.create(id, secret)
                        : AwsSessionCredentials.create(id, secret, token));
    }

    /** Checks that an address can be the endpoint of a service. */
    static URI requireEndpoint(String service, URI endpoint) {
        String scheme = endpoint.getScheme();
        if (!("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))
                || endpoint.getHost() == null
                || endpoint.getRawUserInfo() != null
                || endpoint.getRawQuery() != null
                || endpoint.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    service + " endpoint is an https or http address without credentials, query and fragment");
        }
        return endpoint;
    }
}

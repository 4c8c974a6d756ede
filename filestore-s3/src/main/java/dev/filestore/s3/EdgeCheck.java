package dev.filestore.s3;

import dev.filestore.CheckReport.Finding;
import dev.filestore.Checkable.Probe;
import dev.filestore.Checkable.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/**
 * Asks a distribution of CloudFront for an object as a reader would, with a signature and without. No address that is asked for
 * is told, as the signed ones are bearer tokens.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html">Troubleshooting
 *     error response status codes in CloudFront</a>
 */
final class EdgeCheck {

    private static final String DOMAIN = "CDN: domain";
    private static final String READ = "CDN: read";
    private static final String SIGNED_READ = "CDN: signed read";
    private static final String UNSIGNED_READ = "CDN: unsigned read";

    /** Below the deadline that a check has if it is given none. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);
    private static final Duration SIGNATURE = Duration.ofMinutes(5);

    /** Enough to tell the probe from anything else, and to find the code of an error. */
    private static final int MOST_BYTES = 4_096;

    private static final String ORIGIN = "The origin is this bucket, and its origin path is empty";
    private static final String NO_ROUTE = ". Readers may reach it all the same; to look by hand: curl -I https://";

    private final CloudFrontDomain domain;
    private final UnaryOperator<URI> route;

    EdgeCheck(CloudFrontDomain domain) {
        this(domain, UnaryOperator.identity());
    }

    /** @param route leads an address of the domain to where it is really asked for */
    EdgeCheck(CloudFrontDomain domain, UnaryOperator<URI> route) {
        this.domain = domain;
        this.route = route;
    }

    /** What came, the beginning of its body in Latin-1. */
    private record Answer(int status, String server, String body) {

        /** CloudFront passes the origin's own name on. */
        boolean isOfTheBucket() {
            return server.startsWith("AmazonS3");
        }

        boolean hasCode(String code) {
            return body.contains("<Code>" + code + "</Code>");
        }
    }

    List<Step> looks() {
        return List.of(new Step(DOMAIN, true, () -> List.of(domain())));
    }

    /** For a distribution whose plain addresses are handed out. */
    List<Step> trials(Probe probe) {
        return List.of(new Step(READ, false, () -> List.of(read(probe))));
    }

    /** For a distribution whose addresses are signed. */
    List<Step> trials(Probe probe, CloudFrontSigner signer) {
        return List.of(
                new Step(SIGNED_READ, false, () -> List.of(signedRead(probe, signer))),
                new Step(UNSIGNED_READ, false, () -> List.of(unsignedRead(probe))));
    }

    private Finding domain() {
        try {
            // Whatever is answered: somebody is there who has the name's certificate.
            send(domain.urlOf(""));
            return Finding.ok(DOMAIN, domain + " answers, under a certificate of its name");
        } catch (IOException e) {
            return unanswered(DOMAIN, e);
        }
    }

    private Finding read(Probe probe) {
        try {
            Answer answer = send(domain.urlOf(probe.key()));
            if (answer.hasCode("MissingKey")) {
                return Finding.unknown(
                        READ,
                        "the distribution wants a signature, and the store signs for another place",
                        "Set FileStore.Builder.urls(CloudFrontSigner), or set its cookies before a reader follows cdn_url");
            }
            return judge(READ, answer, probe.text());
        } catch (IOException e) {
            return unanswered(READ, e);
        }
    }

    private Finding signedRead(Probe probe, CloudFrontSigner signer) {
        try {
            URI signed = signer.sign(probe.key(), probe.clock().instant().plus(SIGNATURE));
            return judge(SIGNED_READ, send(signed), probe.text());
        } catch (IOException e) {
            return unanswered(SIGNED_READ, e);
        }
    }

    private Finding unsignedRead(Probe probe) {
        Answer answer;
        try {
            answer = send(domain.urlOf(probe.key()));
        } catch (IOException e) {
            return unanswered(UNSIGNED_READ, e);
        }
        if (answer.status() == 200 && answer.body().equals(probe.text())) {
            return Finding.warning(
                    UNSIGNED_READ,
                    "the distribution hands files out without a signature, to anybody who knows their keys",
                    "Restrict viewer access of the behaviour to the key group of the signer's key");
        }
        return answer.hasCode("MissingKey") || (answer.status() == 403 && !answer.isOfTheBucket())
                ? Finding.ok(UNSIGNED_READ, "who has no signature is refused")
                : Finding.unknown(
                        UNSIGNED_READ,
                        "the distribution answered " + answer.status() + ", and did not ask for a signature",
                        "See " + SIGNED_READ);
    }

    private Finding judge(String check, Answer answer, String text) {
        if (answer.status() == 200) {
            return answer.body().equals(text)
                    ? Finding.ok(check, "the object came through " + domain)
                    : Finding.failed(
                            check,
                            domain + " answered with something else than the object",
                            "Let the behaviour for this path lead to the bucket, and no custom error response put a page in the place"
                                    + " of an error. " + ORIGIN);
        }
        return Finding.failed(check, domain + " answered " + answer.status() + told(answer), cure(answer));
    }

    private static String told(Answer answer) {
        return Stream.of("MissingKey", "InvalidKey", "AccessDenied", "NoSuchKey", "NoSuchBucket", "PermanentRedirect")
                .filter(answer::hasCode)
                .findFirst()
                .map(code -> " " + code + (answer.isOfTheBucket() ? " of the bucket" : ""))
                .orElse("");
    }

    private String cure(Answer answer) {
        if (answer.hasCode("InvalidKey") || answer.hasCode("MissingKey")) {
            return "CloudFront does not know the key: put the public key whose id is CLOUDFRONT_KEY_PAIR_ID into the key group that the"
                    + " behaviour trusts";
        }
        if (answer.status() == 403 && answer.isOfTheBucket()) {
            return "The bucket lets the distribution read nothing, or has no such key: give the distribution an origin access control,"
                    + " and put into the bucket's policy\n{ \"Effect\": \"Allow\", \"Principal\": { \"Service\":"
                    + " \"cloudfront.amazonaws.com\" }, \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::BUCKET/*\","
                    + " \"Condition\": { \"StringEquals\": { \"AWS:SourceArn\":"
                    + " \"arn:aws:cloudfront::ACCOUNT:distribution/DISTRIBUTION\" } } }\n" + ORIGIN
                    + ". Objects encrypted by a key of KMS need the distribution in that key's policy, too";
        }
        if (answer.status() == 403) {
            return "CloudFront refuses: CLOUDFRONT_PRIVATE_KEY is the other half of the public key CLOUDFRONT_KEY_PAIR_ID, this"
                    + " machine's clock is right, and neither a firewall (WAF) nor a geographic restriction keeps this machine out";
        }
        if (answer.status() == 404) {
            return "The object is not where the distribution looks. " + ORIGIN;
        }
        if (answer.status() >= 300 && answer.status() < 400) {
            return "The distribution passes a redirect of its origin on: name the bucket by its region there,"
                    + " BUCKET.s3.REGION.amazonaws.com";
        }
        return answer.status() >= 500
                ? "CloudFront does not reach its origin, or is overloaded: see the origin's domain and protocol, and the distribution's"
                        + " monitoring"
                : "See the distribution's log for the request. " + ORIGIN;
    }

    private Answer send(URI address) throws IOException {
        HttpExecuteRequest request = HttpExecuteRequest.builder()
                .request(SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(route.apply(address))
                        .build())
                .build();
        try (SdkHttpClient http = Apache5HttpClient.builder()
                .maxConnections(1)
                .connectionTimeout(CONNECTION_TIMEOUT)
                .socketTimeout(LONGEST_SILENCE)
                .build()) {
            HttpExecuteResponse answer = http.prepareRequest(request).call();
            SdkHttpResponse head = answer.httpResponse();
            return new Answer(
                    head.statusCode(),
                    head.firstMatchingHeader("Server").orElse(""),
                    answer.responseBody().isPresent()
                            ? beginning(answer.responseBody().get())
                            : "");
        }
    }

    private static String beginning(AbortableInputStream body) throws IOException {
        String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        // Closing would read the rest.
        body.abort();
        return text;
    }

    Finding unanswered(String check, IOException e) {
        if (causes(e).anyMatch(UnknownHostException.class::isInstance)) {
            return Finding.failed(
                    check,
                    "there is no host " + domain,
                    "Mend CLOUDFRONT_DOMAIN. A domain of your own needs a CNAME or alias record that leads to the distribution; a new"
                            + " distribution has a name after some minutes");
        }
        if (causes(e).anyMatch(SSLException.class::isInstance)) {
            return Finding.failed(
                    check,
                    "who answers for " + domain + " has no certificate of that name that this JVM trusts",
                    "Add the domain to the distribution as an alternate domain name, with a certificate for it that is in us-east-1");
        }
        if (e instanceof SocketTimeoutException) {
            return Finding.unknown(
                    check,
                    "no answer from " + domain + " in time",
                    "Let this machine connect to port 443 of it" + NO_ROUTE + domain);
        }
        return Finding.failed(
                check,
                (e instanceof ConnectException ? "no connection to " : "no whole answer from ") + domain,
                "See that " + domain + " leads to CloudFront, and let this machine connect to port 443 of it" + NO_ROUTE
                        + domain);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}

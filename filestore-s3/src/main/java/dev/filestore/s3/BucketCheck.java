package dev.filestore.s3;

import dev.filestore.CheckReport.Finding;
import dev.filestore.Checkable.Act;
import dev.filestore.Checkable.Probe;
import dev.filestore.Checkable.Step;
import dev.filestore.StorageException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Looks at a bucket, and at what it takes to reach it; what is tried on objects is in {@link MultipartTrial} beside the store's own. */
final class BucketCheck {

    private static final String CREDENTIALS = "bucket: credentials";
    private static final String ANSWER = "bucket: answer";
    private static final String CLOCK = "bucket: clock";
    private static final String DATE = "Date";

    private final S3Client client;
    private final S3Settings settings;
    private final Region region;
    private final AwsCredentialsProvider credentials;
    private final String host;
    private final S3Cures cures;

    /** @param host where the bucket is asked for */
    BucketCheck(S3Client client, S3Settings settings, Region region, AwsCredentialsProvider credentials, String host) {
        this.client = client;
        this.settings = settings;
        this.region = region;
        this.credentials = credentials;
        this.host = host;
        this.cures = new S3Cures(settings.bucket(), region, settings.endpoint() == null, host);
    }

    List<Step> looks(Probe probe) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(CREDENTIALS, true, () -> List.of(credentials(probe.clock()))));
        steps.add(new Step(ANSWER, true, () -> answer(probe)));
        steps.addAll(new BucketSettings(client, settings.bucket(), region, folder(probe.key())).looks());
        return steps;
    }

    List<Step> trials(Probe probe) {
        return new MultipartTrial(client, settings.bucket(), probe.key(), cures).steps();
    }

    Optional<String> cure(Act act, Exception failure) {
        return cures.cure(act, failure);
    }

    /** What the keys of all files begin with, as far as one key tells. */
    private static String folder(String key) {
        return key.substring(0, key.indexOf('/') + 1);
    }

    private Finding credentials(Clock clock) {
        AwsCredentials found;
        try {
            found = credentials.resolveCredentials();
        } catch (SdkException e) {
            return Finding.failed(
                    CREDENTIALS,
                    "no credentials were found",
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine, container or pod a role. Web identity"
                            + " (IRSA) and assumed roles need software.amazon.awssdk:sts on the class path, single sign-on sso and ssooidc");
        }
        Instant end = found.expirationTime().orElse(Instant.MAX);
        return end.isAfter(clock.instant())
                ? Finding.ok(CREDENTIALS, "there are some")
                : Finding.failed(
                        CREDENTIALS,
                        "they ended at " + end,
                        "Get new ones: aws sso login; or let the provider renew them. If they should be good, set this machine's"
                                + " clock by NTP");
    }

    private List<Finding> answer(Probe probe) {
        Instant sent = probe.clock().instant();
        try {
            Optional<String> date = client.listObjectsV2(request -> request.bucket(settings.bucket())
                            .prefix(folder(probe.key()))
                            .maxKeys(1))
                    .sdkHttpResponse()
                    .firstMatchingHeader(DATE);
            return List.of(answered(""), clock(date, sent, probe.clock()));
        } catch (AwsServiceException e) {
            return List.of(refused(e), clock(S3Failures.header(e, DATE), sent, probe.clock()));
        } catch (SdkException e) {
            StorageException silence = S3Failures.translate("ask at " + host + " for", settings.bucket(), e);
            return List.of(Finding.failed(
                    ANSWER,
                    "no answer from " + host + ": " + root(e).getClass().getSimpleName(),
                    cures.cure(Act.LOOK, silence)
                            .orElse("See that " + host
                                    + " can be reached from this machine: DNS, firewall, proxy, AWS_ENDPOINT_URL_S3")));
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private Finding answered(String besides) {
        return Finding.ok(
                ANSWER,
                "the bucket " + settings.bucket() + " answered at " + host + ", as one of " + region.id() + besides);
    }

    private Finding refused(AwsServiceException e) {
        if (S3Failures.code(e).equals("AccessDenied")) {
            // The list is tried by itself, and may be the one right that is missing.
            return answered("; it may not be listed, see storage: list");
        }
        return Finding.failed(
                ANSWER,
                "the bucket " + settings.bucket() + " was refused: " + S3Failures.answer(e),
                cures.cure(Act.LOOK, e)
                        .orElse("See the documentation of the store for " + S3Failures.code(e)
                                + ", and that AWS_ENDPOINT_URL_S3 is the address of an S3 store"));
    }

    /** RFC 9110 section 6.6.1: the store's time, in whole seconds. */
    private static Finding clock(Optional<String> date, Instant sent, Clock clock) {
        Instant received = clock.instant();
        return date.flatMap(BucketCheck::time)
                .map(theirs -> Finding.ofClock(CLOCK, theirs, sent, received))
                .orElseGet(
                        () -> Finding.unknown(
                                CLOCK,
                                "the answer has no date",
                                "Compare the clocks by hand. What stands in front of the store may remove the header field Date"));
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

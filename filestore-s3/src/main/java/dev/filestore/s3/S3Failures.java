package dev.filestore.s3;

import dev.filestore.StorageException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK throws, in the words of the storage's contract. */
final class S3Failures {

    private S3Failures() {}

    /**
     * Says what failed: the act, the key, and of the answer its status, code and request id. The text of an answer is
     * left to the cause: some stores put addresses and keys into it.
     */
    static StorageException translate(String act, String key, SdkException e) {
        if (e instanceof AbortedException) {
            Thread.currentThread().interrupt();
            return new StorageException(act + " " + key + ": interrupted", e);
        }
        return new StorageException(act + " " + key + ": " + answer(e), e);
    }

    /** Status, code and request id of an answer; where none came, what was thrown. */
    static String answer(SdkException e) {
        return e instanceof AwsServiceException answer
                ? answer.statusCode() + " " + code(answer) + ", request " + answer.requestId()
                : e.getClass().getSimpleName();
    }

    /** A header field of the answer. */
    static Optional<String> header(AwsServiceException answer, String name) {
        return Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(http -> http.firstMatchingHeader(name));
    }

    /** Whether the store answered with that status. */
    static boolean isStatus(SdkException e, int status) {
        return e instanceof AwsServiceException answer && answer.statusCode() == status;
    }

    /** Whether what the request named was absent, and not the bucket. */
    static boolean isAbsent(SdkException e) {
        return e instanceof AwsServiceException answer
                && answer.statusCode() == 404
                && !"NoSuchBucket".equals(code(answer));
    }

    /**
     * Whether a commit may have taken effect in spite of the failure: no answer came, the server stumbled, or the SDK's
     * own repetition met what the first try had done.
     */
    static boolean mayBeDone(SdkException e) {
        if (e instanceof AwsServiceException answer) {
            int status = answer.statusCode();
            // An error inside of a success keeps the status of the success.
            return status < 400 || status == 404 || status == 409 || status == 412 || status >= 500;
        }
        return !(e instanceof AbortedException);
    }

    /** The code of an answer; "null" where it has none, as those to {@code HEAD} have. */
    static String code(AwsServiceException answer) {
        return String.valueOf(
                answer.awsErrorDetails() == null
                        ? null
                        : answer.awsErrorDetails().errorCode());
    }
}

package dev.filestore.s3;

import dev.filestore.CheckReport.Finding;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;

/**
 * What the rules of a bucket's lifecycle do to the objects below a folder. Rules for objects with tags are passed over: those
 * that we put have none, and of those that were adopted nobody knows here.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">Lifecycle configuration
 *     elements</a>
 */
final class LifecycleRules {

    private static final String ABANDONED = "bucket: abandoned uploads";
    private static final String FILES = "bucket: lifecycle of files";

    private static final String ABORT = "\"AbortIncompleteMultipartUpload\": {\"DaysAfterInitiation\": 7}";

    /** Storage classes out of which nothing can be read before it was restored. */
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

    private final String bucket;
    private final String folder;
    private final List<LifecycleRule> rules;
    private final boolean areNone;

    /** @param folder what all keys begin with; empty where that is not known */
    LifecycleRules(String bucket, String folder, List<LifecycleRule> all) {
        this.bucket = bucket;
        this.folder = folder;
        this.areNone = all.isEmpty();
        this.rules = all.stream()
                .filter(rule -> rule.status() == ExpirationStatus.ENABLED && !isTagged(rule))
                .toList();
    }

    private static boolean isTagged(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        return filter != null
                && (filter.tag() != null
                        || (filter.and() != null && !filter.and().tags().isEmpty()));
    }

    @SuppressWarnings("deprecation") // Rules that were made long ago have their prefix there.
    private static String prefix(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        LifecycleRuleAndOperator and = filter == null ? null : filter.and();
        return present(rule.prefix())
                + present(filter == null ? null : filter.prefix())
                + present(and == null ? null : and.prefix());
    }

    private static String present(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static boolean isForSomeSizes(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        return filter != null
                && (filter.objectSizeGreaterThan() != null
                        || filter.objectSizeLessThan() != null
                        || (filter.and() != null
                                && (filter.and().objectSizeGreaterThan() != null
                                        || filter.and().objectSizeLessThan() != null)));
    }

    private boolean coversAll(LifecycleRule rule) {
        return folder.startsWith(prefix(rule)) && !isForSomeSizes(rule);
    }

    private boolean coversSome(LifecycleRule rule) {
        return folder.startsWith(prefix(rule)) || prefix(rule).startsWith(folder);
    }

    private String names(List<LifecycleRule> some) {
        return some.stream()
                .map(rule -> rule.id() == null ? "one without a name" : rule.id())
                .collect(Collectors.joining(", "));
    }

    private List<LifecycleRule> some(Predicate<LifecycleRule> which) {
        return rules.stream().filter(which).toList();
    }

    /** Whether old versions of all files go by themselves. */
    boolean removesOldVersions() {
        return rules.stream().anyMatch(rule -> rule.noncurrentVersionExpiration() != null && coversAll(rule));
    }

    List<Finding> judge() {
        return List.of(abandonedUploads(), files());
    }

    private Finding abandonedUploads() {
        List<LifecycleRule> aborting = some(rule -> rule.abortIncompleteMultipartUpload() != null && coversAll(rule));
        if (!aborting.isEmpty()) {
            return Finding.ok(ABANDONED, "the bucket aborts them itself, by its rule " + names(aborting));
        }
        return Finding.warning(
                ABANDONED,
                "no rule of the bucket aborts them below " + shown(folder)
                        + ". A sweeper does; a second net costs nothing",
                addRule("{\"ID\": \"abandoned-uploads\", \"Status\": \"Enabled\", \"Filter\": {}, " + ABORT + "}"));
    }

    private static String shown(String folder) {
        return folder.isEmpty() ? "its root" : folder;
    }

    /** The command replaces all rules, also those that are passed over here. */
    private String addRule(String rule) {
        String command = "aws s3api put-bucket-lifecycle-configuration --bucket " + bucket
                + " --lifecycle-configuration '{\"Rules\": [" + rule + "]}'";
        return areNone
                ? command
                : "Add this to the rules that are there, all of which the command replaces (" + get() + "):\n"
                        + command;
    }

    private String get() {
        return "aws s3api get-bucket-lifecycle-configuration --bucket " + bucket;
    }

    /** The rule by which old versions go, and abandoned uploads too: it replaces the one that the finding on those may have named. */
    String removeOldVersions() {
        return addRule("{\"ID\": \"old-versions\", \"Status\": \"Enabled\", \"Filter\": {},"
                + " \"NoncurrentVersionExpiration\": {\"NoncurrentDays\": 1},"
                + " \"Expiration\": {\"ExpiredObjectDeleteMarker\": true}, " + ABORT + "}");
    }

    private Finding files() {
        List<LifecycleRule> expiring = some(rule -> expires(rule.expiration()) && coversSome(rule));
        if (!expiring.isEmpty()) {
            return Finding.failed(
                    FILES,
                    "the bucket deletes files whose rows say that they are there, by its rule " + names(expiring),
                    "Remove the rule, or keep it from " + shown(folder)
                            + "; files that are to expire are uploaded with a TTL. The rules: " + get());
        }
        List<LifecycleRule> archiving = some(rule -> archives(rule) && coversSome(rule));
        if (!archiving.isEmpty()) {
            return Finding.failed(
                    FILES,
                    "the bucket moves files into an archive, where they cannot be read, by its rule "
                            + names(archiving),
                    "Remove the rule, keep it from " + shown(folder)
                            + ", or have it choose GLACIER_IR or INTELLIGENT_TIERING. The rules: " + get());
        }
        return Finding.ok(FILES, "no rule of the bucket deletes or archives files below " + shown(folder));
    }

    private static boolean expires(@Nullable LifecycleExpiration expiration) {
        return expiration != null && (expiration.days() != null || expiration.date() != null);
    }

    private static boolean archives(LifecycleRule rule) {
        return rule.transitions().stream().anyMatch(to -> ARCHIVES.contains(to.storageClassAsString()));
    }
}

package dev.filestore.examples.fuzzing.uploads;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;

import com.fasterxml.jackson.databind.JsonNode;
import dev.filestore.AllowedTypes;
import dev.filestore.Audit;
import dev.filestore.AuditReport;
import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.MimePolicy;
import dev.filestore.Naming;
import dev.filestore.StorageBackend;
import dev.filestore.StoredFile;
import dev.filestore.examples.fuzzing.BrokenRule;
import dev.filestore.examples.fuzzing.forms.Part;
import dev.filestore.examples.fuzzing.forms.ReferenceDigests;
import dev.filestore.examples.fuzzing.forms.ReferenceForm;
import dev.filestore.examples.fuzzing.targets.TypesTarget;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.Parsing;
import dev.filestore.servlet.RateLimits;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A servlet on a store, and a ledger beside it that is kept by what was asked and answered: which files must be there, and
 * their bytes' digests. Whether an upload is to be taken is foretold from the rules by {@link ReferenceForm}; one that is
 * not must leave nothing, and one that is must be there byte for byte, for its user and for nobody else.
 */
public final class World implements AutoCloseable {

    /** How many bytes a file may have here. */
    public static final int MAX_BYTES = 48 * 1024;

    private static final String USER = "X-User";
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "DELETE", "OPTIONS");
    private static final Duration BEYOND_ALL_GRACES = Duration.ofHours(2);
    private static final int MOST_SWEEPS = 5;
    private static final MimePolicy POLICY =
            AllowedTypes.standardTypes().maxBytes(MAX_BYTES).build();

    private final Counted counted = new Counted();
    private final Map<Long, Kept> ledger = new LinkedHashMap<>();
    private final Map<String, Long> statuses = new TreeMap<>();
    private final FileStore store;
    private final FileStoreServlet servlet;
    private Instant now = Instant.parse("2026-02-26T14:30:22Z");
    private long audits;

    private record Kept(
            String owner, String sha256, int size, @Nullable Instant expiresAt) {}

    /** What becomes of an upload by the rules. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Expected(
            String name,
            String type,
            byte[] content,
            @Nullable Long ttlHours,
            boolean plain) {}

    public World(StorageBackend storage, MetadataRepository metadata) {
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        this.store = FileStore.builder()
                .storage(counted.storage(storage))
                .metadata(counted.metadata(metadata))
                .policy(POLICY)
                .signedUrls(URI.create("https://files.example/api/files/"))
                .sweepBatch(1_000)
                .clock(clock)
                .build();
        this.servlet = FileStoreServlet.builder(store, World::caller)
                .rateLimits(RateLimits.off())
                .build();
        try {
            servlet.init();
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Caller> caller(HttpServletRequest request) {
        return caller(request.getHeader(USER));
    }

    private static Optional<Caller> caller(@Nullable String user) {
        try {
            return user == null
                    ? Optional.empty()
                    : Optional.of(user.startsWith("admin ") ? Caller.admin(user.substring(6)) : Caller.user(user));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** How often each kind of request was answered by each status. */
    public Map<String, Long> statuses() {
        return statuses;
    }

    /** How many audits found nothing. */
    public long audits() {
        return audits;
    }

    /** The ids of the files that are there. */
    public List<Long> ids() {
        return List.copyOf(ledger.keySet());
    }

    /** A millisecond later, so that lists have an order. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** Sends a request, and judges the answer and what it left. */
    public void send(RawRequest request) {
        int objects = counted.objects();
        int rows = counted.rows();
        boolean upload = request.method().equals("POST") && request.path().equals("/upload");
        Answer answer = answer(request);
        String kind = upload ? "upload" : METHODS.contains(request.method()) ? request.method() : "other";
        statuses.merge(kind + " " + answer.status(), 1L, Long::sum);
        unless(
                answer.status() < 500,
                "the answer is %d: %s",
                answer.status(),
                new String(answer.body(), StandardCharsets.UTF_8));
        if (answer.status() >= 400 && !request.method().equals("HEAD")) {
            refusal(answer);
        }
        if (upload) {
            uploaded(request, answer);
        } else if (answer.status() == 200 && request.method().equals("DELETE")) {
            deleted(request);
        } else {
            read(request, answer);
        }
        if (answer.status() != 201 && !request.method().equals("DELETE")) {
            unless(
                    counted.objects() == objects && counted.rows() == rows,
                    "a request that was answered by %d left %d objects and %d rows",
                    answer.status(),
                    counted.objects() - objects,
                    counted.rows() - rows);
        }
    }

    private Answer answer(RawRequest request) {
        Answer answer = new Answer();
        try {
            servlet.service(Requests.of(request), answer.response());
        } catch (IOException | ServletException e) {
            throw new BrokenRule("the servlet has no answer", e);
        }
        return answer;
    }

    private static void refusal(Answer answer) {
        JsonNode json = answer.json();
        String message = json.path("message").asText();
        unless(json.path("code").isTextual() && json.path("error").isTextual(), "a refusal has another form: %s", json);
        unless(
                message.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT),
                "a message holds what a log could trip over: %s",
                message);
    }

    private void uploaded(RawRequest request, Answer answer) {
        if (answer.status() == 201 && isUnsure(request)) {
            unsurelyKept(request, answer);
            return;
        }
        Optional<Expected> expected = expected(request);
        boolean mayRefuse = expected.isEmpty() || !expected.get().plain();
        unless(
                answer.status() == 201 ? expected.isPresent() : mayRefuse,
                "an upload is answered by %d, and is by the rules %s: %s",
                answer.status(),
                expected.isPresent() ? "right" : "wrong",
                answer.json());
        if (expected.isPresent() && answer.status() == 201) {
            kept(request, answer, expected.get());
        }
    }

    /** Whether it can be told what parts a form has, but not what their headers say. */
    private static boolean isUnsure(RawRequest request) {
        return unsure(request).isPresent();
    }

    private static Optional<ReferenceForm.Form> unsure(RawRequest request) {
        try {
            return ReferenceForm.form(
                            request.delivered(), Parsing.boundary(String.valueOf(request.field("Content-Type"))))
                    .filter(form -> !form.sure());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Then the file is one of the parts, byte for byte, and its user's. */
    private void unsurelyKept(RawRequest request, Answer answer) {
        long id = answer.json().path("file_id").asLong();
        String owner = caller(request.field(USER)).orElseThrow().userId();
        StoredFile file = store.find(id).orElseThrow(() -> new BrokenRule("a file is not there that was acknowledged"));
        boolean isPart = unsure(request).orElseThrow().parts().stream()
                .anyMatch(part -> sha256(part.content()).equals(file.sha256()));
        unless(isPart && !request.breaks() && file.owner().equals(owner), "a file is none of those that were sent");
        ledger.put(id, new Kept(owner, file.sha256(), (int) file.size(), file.expiresAt()));
        whole(id);
    }

    private static Optional<Expected> expected(RawRequest request) {
        String contentType = request.field("Content-Type");
        if (caller(request.field(USER)).isEmpty()
                || contentType == null
                || !Parsing.isFormData(contentType)
                || request.breaks()) {
            return Optional.empty();
        }
        byte[] body = request.delivered();
        try {
            String ttl = request.query() == null ? null : Parsing.parameter(request.query(), "expires_in_hours");
            String boundary = Parsing.boundary(contentType);
            return ReferenceForm.upload(body, boundary, ttl)
                    .filter(upload -> ReferenceDigests.hold(
                            request.joined("Content-Digest"), request.joined("Repr-Digest"), body))
                    .flatMap(upload -> judged(upload.file(), upload.ttlHours(), upload.plain() && isPlain(request)));
        } catch (IOException | RuntimeException e) {
            unless(Parsing.refusal(e) != null, "a refusal of no kind: %s", e);
            return Optional.empty();
        }
    }

    /** Whether no field of the request gives a stricter server a reason to refuse it. */
    private static boolean isPlain(RawRequest request) {
        return request.all("Content-Type").size() == 1
                && ReferenceForm.isPlainType(String.valueOf(request.field("Content-Type")))
                && request.field("Content-Encoding") == null;
    }

    private static Optional<Expected> judged(Part file, @Nullable Long ttlHours, boolean plain) {
        byte[] content = file.content();
        if (content.length == 0
                || content.length > MAX_BYTES
                || !ReferenceDigests.hold(file.contentDigest(), file.reprDigest(), content)) {
            return Optional.empty();
        }
        String name = Naming.clean(String.valueOf(file.fileName()));
        byte[] head = Arrays.copyOf(content, Math.min(content.length, MimePolicy.HEAD_BYTES));
        MimePolicy.Verdict verdict = TypesTarget.whole(POLICY.judge(name, file.contentType(), head), content);
        return verdict instanceof MimePolicy.Accepted accepted
                ? Optional.of(new Expected(name, accepted.contentType(), content, ttlHours, plain))
                : Optional.empty();
    }

    private void kept(RawRequest request, Answer answer, Expected expected) {
        JsonNode json = answer.json();
        long id = json.path("file_id").asLong();
        String owner = caller(request.field(USER)).orElseThrow().userId();
        String sha256 = sha256(expected.content());
        unless(
                ("/api/files/" + id).equals(answer.field("Location")),
                "the answer leads to %s",
                answer.field("Location"));
        unless(
                json.path("size").asLong() == expected.content().length
                        && json.path("content_type").asText().equals(expected.type())
                        && json.path("original_filename").asText().equals(expected.name()),
                "the answer is of another file: %s",
                json);
        String key = json.path("file_key").asText();
        unless(
                Naming.isValidKey(key)
                        && key.startsWith(Naming.key(owner, "x", now, 0).replaceAll("[^/]*$", "")),
                "the key is %s",
                key);
        StoredFile file = store.find(id).orElseThrow(() -> new BrokenRule("a file is not there that was acknowledged"));
        Instant expiresAt = expected.ttlHours() == null ? null : now.plus(Duration.ofHours(expected.ttlHours()));
        unless(file.owner().equals(owner) && file.sha256().equals(sha256), "a file is another than was sent");
        unless(
                Objects.equals(file.expiresAt(), expiresAt),
                "a file expires %s instead of %s",
                file.expiresAt(),
                expiresAt);
        unless(
                ledger.put(id, new Kept(owner, sha256, expected.content().length, expiresAt)) == null,
                "an id is given twice");
        whole(id);
        Answer foreign = answer(get("somebody else", "/" + id + "/content"));
        unless(
                owner.equals("somebody else") || foreign.status() == 403,
                "another user is answered by %d",
                foreign.status());
    }

    private static RawRequest get(String user, String path) {
        return new RawRequest("GET", path, null, Map.of(USER.toLowerCase(Locale.ROOT), List.of(user)), new byte[0]);
    }

    /** That a file is there, byte for byte. */
    private void whole(long id) {
        Kept file = ledger.get(id);
        if (file == null) {
            throw new IllegalStateException();
        }
        Answer content = answer(get(file.owner(), "/" + id + "/content"));
        // A user of that name is an admin here, who may read all.
        unless(
                content.status() == 200
                        && content.body().length == file.size()
                        && sha256(content.body()).equals(file.sha256()),
                "a file of %d bytes is answered by %d and %d bytes",
                file.size(),
                content.status(),
                content.body().length);
        unless("nosniff".equals(content.field("X-Content-Type-Options")), "a browser may guess at a file");
    }

    private void deleted(RawRequest request) {
        Caller caller = caller(request.field(USER)).orElseThrow();
        long id = Parsing.idIn(request.path());
        Kept file = ledger.remove(id);
        unless(file != null && !isOver(file), "a file is deleted that is not there");
        unless(
                file != null && (caller.admin() || file.owner().equals(caller.userId())),
                "a file is deleted by another");
        unless(answer(get("admin x", "/" + id)).status() == 404, "a file is there after it was deleted");
    }

    private boolean isOver(Kept file) {
        Instant end = file.expiresAt();
        return end != null && !now.isBefore(end);
    }

    /** What is read is a file of the ledger, and of somebody who may have it. */
    private void read(RawRequest request, Answer answer) {
        boolean content = request.path().endsWith("/content");
        if (!request.method().equals("GET")
                || answer.status() > 206
                || request.path().length() < 2
                || !request.path().matches("/[0-9]{1,18}(?:/content)?")) {
            return;
        }
        long id = Parsing.idIn(request.path());
        Kept file = ledger.get(id);
        unless(file != null && !isOver(file), "a file is read that is not there");
        Optional<Caller> caller = caller(request.field(USER));
        unless(
                file != null
                        && caller.isPresent()
                        && (caller.get().admin()
                                || file.owner().equals(caller.get().userId())),
                "a file is read by another");
        if (content && answer.status() == 200 && file != null) {
            unless(sha256(answer.body()).equals(file.sha256()), "other bytes are read than were sent");
        }
    }

    /**
     * Lets all graces go by, sweeps, and audits: the files of the ledger are there, and nothing else is, neither an object
     * without a row nor a row without an object. Then deletes all but a few.
     */
    public void settle(int left) {
        settle();
        for (Iterator<Map.Entry<Long, Kept>> files = ledger.entrySet().iterator();
                ledger.size() > left && files.hasNext(); ) {
            Map.Entry<Long, Kept> file = files.next();
            whole(file.getKey());
            store.delete(file.getKey());
            files.remove();
        }
        settle();
    }

    private void settle() {
        pass(BEYOND_ALL_GRACES);
        ledger.values().removeIf(this::isOver);
        for (int sweeps = 0; !store.sweep().isEmpty(); sweeps++) {
            unless(sweeps < MOST_SWEEPS, "sweeps find no end");
        }
        // What was deleted keeps its row until its key can never come again.
        pass(BEYOND_ALL_GRACES);
        ledger.values().removeIf(this::isOver);
        for (int sweeps = 0; !store.sweep().isEmpty(); sweeps++) {
            unless(sweeps < MOST_SWEEPS, "sweeps find no end");
        }
        List<Object> findings = new ArrayList<>();
        AuditReport report =
                store.audit(Audit.of("").withGrace(Audit.SHORTEST_GRACE).withFindings(findings::add));
        unless(report.isClean(), "the audit finds %s", findings);
        unless(
                report.objects() == ledger.size() && report.rows() == ledger.size(),
                "there are %d objects and %d rows of %d files",
                report.objects(),
                report.rows(),
                ledger.size());
        audits++;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}

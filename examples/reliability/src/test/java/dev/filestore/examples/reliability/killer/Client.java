package dev.filestore.examples.reliability.killer;

import dev.filestore.examples.reliability.killer.Upload.Expected;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One of those who use the store at the same time: does one thing after the other, and holds each answer against the ledger. */
final class Client {

    static final String DELETED = "deletes acknowledged";

    private static final long ENOUGH_BYTES = 300L << 20;
    private static final int KNOWN_URLS = 2_000;

    /** What all clients of a round share. */
    record Shared(Ledger ledger, Figures figures, Api api, List<URI> nodes, AtomicLong numbers, Map<Upload, URI> urls) {

        Shared(Ledger ledger, Figures figures, List<URI> nodes) {
            this(ledger, figures, new Api(), nodes, new AtomicLong(), new ConcurrentHashMap<>());
        }

        /** Too many requests are no harm; anything else that is neither success nor failure should not happen. */
        void odd(Answer answer, String what, Upload upload) {
            if (answer.status() == 429) {
                figures.add("requests over the rate limit");
            } else {
                ledger.violation("ODD ANSWER", what + " was answered " + answer.status() + " " + answer.text(), upload);
            }
        }
    }

    private final Ledger ledger;
    private final Figures figures;
    private final Shared shared;
    private final RandomGenerator random;
    private final Uploader uploader;
    private boolean served;

    Client(Shared shared, RandomGenerator random) {
        this.ledger = shared.ledger();
        this.figures = shared.figures();
        this.shared = shared;
        this.random = random;
        this.uploader = new Uploader(shared, random);
    }

    /**
     * Does one thing.
     *
     * @return whether it was answered, and not by an error of the servers
     */
    boolean act() throws InterruptedException {
        served = true;
        int choice = ledger.livingBytes() > ENOUGH_BYTES ? 99 : random.nextInt(100);
        try {
            if (choice < 34) {
                served = uploader.upload(node(""));
            } else if (choice < 50) {
                ledger.anyLiving(random).ifPresent(this::readContent);
            } else if (choice < 60) {
                ledger.anyLiving(random).ifPresent(this::readByUrl);
            } else if (choice < 66) {
                ledger.anyLiving(random).ifPresent(this::readRecord);
            } else if (choice < 74) {
                ledger.anyDead(random).ifPresent(this::readDead);
            } else if (choice < 82) {
                ledger.anyLiving(random).ifPresent(this::list);
            } else {
                ledger.anyLiving(random).ifPresent(this::delete);
            }
            return served;
        } catch (Interrupted e) {
            throw new InterruptedException();
        }
    }

    private URI node(String path) {
        return URI.create(shared.nodes().get(random.nextInt(shared.nodes().size())) + path);
    }

    private void readContent(Upload upload) {
        Expected before = upload.expected(Instant.now());
        Answer answer = get(node("/" + upload.id() + "/content"), Api.token(upload.user(), "user"));
        judge(upload, before, answer, "its content");
    }

    private void readRecord(Upload upload) {
        Expected before = upload.expected(Instant.now());
        Answer answer = get(node("/" + upload.id()), Api.token(upload.user(), "user"));
        if (answer != null && answer.status() == 200) {
            boolean same = answer.field("file_size")
                            .equals(Integer.toString(upload.content().size()))
                    && answer.field("original_filename").equals(upload.name());
            ledger.read(upload, before, same ? upload.sha256() : answer.text(), "its record");
            figures.add("reads checked");
        } else {
            judge(upload, before, answer, "its record");
        }
    }

    private void readByUrl(Upload upload) {
        Expected before = upload.expected(Instant.now());
        String json = "{\"file_id\": " + upload.id() + ", \"expiration_hours\": 3}";
        URI address = node("/presigned-url");
        Answer signed = answerOf(() -> shared.api().post(address, Api.token(upload.user(), "user"), json));
        if (signed == null || signed.status() != 200) {
            judge(upload, before, signed, "an address of it");
            return;
        }
        URI url = URI.create(signed.field("presigned_url"));
        if (shared.urls().size() < KNOWN_URLS) {
            shared.urls().put(upload, url);
        }
        // Of a delete that is not acknowledged the storage may not know yet.
        Expected inStorage = upload.isRemoved() ? Expected.GONE : Expected.EITHER;
        judge(upload, inStorage, get(url, null), "its signed address");
    }

    /** A delete that was acknowledged is for ever. */
    private void readDead(Upload upload) {
        URI url = shared.urls().get(upload);
        if (url != null && random.nextBoolean()) {
            judge(upload, Expected.GONE, get(url, null), "an old signed address");
        } else {
            String path = random.nextBoolean() ? "/content" : "";
            Answer answer = get(node("/" + upload.id() + path), Api.token(upload.user(), "user"));
            judge(upload, Expected.GONE, answer, "the id of a deleted file");
        }
    }

    private void judge(Upload upload, Expected before, @Nullable Answer answer, String how) {
        if (answer == null) {
            figures.add("reads unanswered");
        } else if (answer.status() >= 500) {
            figures.add("reads refused while servers were down");
        } else if (answer.status() == 200) {
            ledger.read(upload, before, Content.sha256(answer.body()), how);
            figures.add("reads checked");
            figures.add("bytes read", answer.body().length);
        } else if (answer.status() == 404) {
            ledger.read(upload, before, null, how);
            if (upload.deletesAsked() > 0) {
                ledger.hidden(upload);
            }
            figures.add("reads of files that are gone");
        } else {
            shared.odd(answer, how, upload);
        }
    }

    private void list(Upload any) {
        String user = any.user();
        Instant asked = Instant.now();
        List<Upload> before = ledger.of(user);
        List<Expected> expected =
                before.stream().map(upload -> upload.expected(asked)).toList();
        Answer answer = get(node("?limit=100"), Api.token(user, "user"));
        if (answer == null) {
            figures.add("reads unanswered");
        } else if (answer.status() >= 500) {
            figures.add("reads refused while servers were down");
        } else if (answer.status() == 200) {
            new ListCheck(ledger, user, answer).check(before, expected);
            figures.add("lists checked");
        } else {
            shared.odd(answer, "a list", any);
        }
    }

    private void delete(Upload upload) {
        ledger.deleteAsked(upload);
        URI address = node("/" + upload.id());
        Answer answer = answerOf(() -> shared.api().delete(address, Api.token(upload.user(), "user")));
        if (answer == null || answer.status() >= 500) {
            figures.add("deletes unknown");
        } else if (answer.status() == 200) {
            ledger.removed(upload);
            figures.add(DELETED);
        } else if (answer.status() == 404 && upload.deletesAsked() > 1) {
            // An earlier one, of which nobody knew how it ended, did it.
            ledger.removed(upload);
            figures.add("deletes found done");
        } else if (answer.status() == 404) {
            ledger.violation("LOST", "its first delete says that there is no such file", upload);
        } else {
            shared.odd(answer, "a delete", upload);
        }
    }

    private @Nullable Answer get(URI address, @Nullable String token) {
        return answerOf(
                () -> token == null ? shared.api().get(address) : shared.api().get(address, token));
    }

    /** A call of the endpoints. */
    private interface Call {
        Answer send() throws IOException, InterruptedException;
    }

    /** Returns null where the answer broke off, or never came: whatever was there of it is none. */
    private @Nullable Answer answerOf(Call call) {
        try {
            Answer answer = call.send();
            served &= answer.status() < 500;
            return answer;
        } catch (IOException e) {
            served = false;
            return null;
        } catch (InterruptedException e) {
            throw new Interrupted();
        }
    }

    /** Carries an interruption out of what may throw nothing checked. */
    private static final class Interrupted extends RuntimeException {

        private static final long serialVersionUID = 1;
    }
}

package dev.filestore.examples.reliability.killer;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What a client does when it uploads. */
final class Uploader {

    static final String ACKNOWLEDGED = "uploads acknowledged";
    static final String UNKNOWN = "uploads unknown";

    /** Enough that nobody comes near the rate limits. */
    private static final int USERS = 1_500;

    private final Client.Shared shared;
    private final Ledger ledger;
    private final Figures figures;
    private final RandomGenerator random;

    Uploader(Client.Shared shared, RandomGenerator random) {
        this.shared = shared;
        this.ledger = shared.ledger();
        this.figures = shared.figures();
        this.random = random;
    }

    /**
     * Hands a file in, of any size and in any manner.
     *
     * @return false where the servers failed
     */
    boolean upload(URI node) throws InterruptedException {
        long number = shared.numbers().incrementAndGet();
        String user = "user" + random.nextInt(USERS);
        // A name that comes again in the same second needs another key.
        String name = random.nextInt(4) == 0 ? "report.pdf" : "scan-" + number + ".pdf";
        Content content = new Content(number, size());
        byte[] bytes = content.bytes();
        Long ttlHours = random.nextInt(4) > 0 ? null : random.nextBoolean() ? Long.valueOf(1) : Long.valueOf(72);
        UploadSocket.Manner manner = manner(content.size());
        Upload upload = ledger.intend(
                user, name, content, Content.sha256(bytes), ttlHours == null ? null : Duration.ofHours(ttlHours));
        Answer answer = null;
        try {
            answer = new UploadSocket(node, Api.token(user, "user"), manner).send(name, bytes, ttlHours);
        } catch (UploadSocket.NotConnectedException e) {
            ledger.answered(upload, Upload.Answer.REFUSED);
            figures.add("uploads that reached no node");
            return false;
        } catch (IOException e) {
            figures.add("uploads whose connection broke");
        }
        if (manner.giveUpAfter() >= 0 && manner.giveUpAfter() < content.size()) {
            ledger.answered(upload, Upload.Answer.ABANDONED);
            figures.add("uploads that the client gave up");
        } else if (answer == null || answer.status() >= 500) {
            ledger.answered(upload, Upload.Answer.UNKNOWN);
            figures.add(UNKNOWN);
            return answer == null && manner.giveUpAfter() >= 0;
        } else if (answer.status() == 201) {
            figures.add(ACKNOWLEDGED);
            figures.add("bytes acknowledged", content.size());
            ledger.stored(upload, Long.parseLong(answer.field("file_id")));
        } else {
            ledger.answered(upload, Upload.Answer.REFUSED);
            figures.add("uploads refused");
            shared.odd(answer, "an upload", upload);
        }
        return true;
    }

    /** From a few bytes to some parts of a multipart upload. */
    private int size() {
        int kind = random.nextInt(100);
        if (kind < 55) {
            return random.nextInt(Content.LEAST_BYTES, 4 << 10);
        }
        if (kind < 85) {
            return random.nextInt(4 << 10, 256 << 10);
        }
        return kind < 97 ? random.nextInt(256 << 10, 3 << 20) : random.nextInt(9 << 20, 20 << 20);
    }

    private UploadSocket.Manner manner(int size) {
        boolean chunked = random.nextInt(3) == 0;
        int pause = random.nextInt(6) == 0 ? random.nextInt(1, 20) : 0;
        int kind = random.nextInt(100);
        int giveUpAfter = kind < 6 ? random.nextInt(size) : kind < 9 ? size : -1;
        return new UploadSocket.Manner(chunked, pause, giveUpAfter);
    }
}

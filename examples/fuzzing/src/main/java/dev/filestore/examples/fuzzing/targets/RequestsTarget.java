package dev.filestore.examples.fuzzing.targets;

import dev.filestore.StorageBackend;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Target;
import dev.filestore.examples.fuzzing.forms.FormGrammar;
import dev.filestore.examples.fuzzing.uploads.RawRequest;
import dev.filestore.examples.fuzzing.uploads.RequestGrammar;
import dev.filestore.examples.fuzzing.uploads.World;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Whole requests to the servlet, on a store of their own. An input is some requests, each as {@link RawRequest} has it,
 * with a line {@value #NEXT} between them, or {@value #LATER} where hours pass. Each is judged by {@link World}, and at the
 * end, beyond all graces, the audit must find nothing and the store be empty.
 */
public final class RequestsTarget implements Target {

    private static final String NEXT = "==next==";
    private static final String LATER = "==later=";
    private static final int MOST_REQUESTS = 12;

    private final Supplier<StorageBackend> storages;

    public RequestsTarget() {
        this(MemoryStorage::new);
    }

    public RequestsTarget(Supplier<StorageBackend> storages) {
        this.storages = storages;
    }

    @Override
    public String name() {
        return "requests";
    }

    @Override
    public void run(byte[] input) {
        String[] requests = Bytes.latin1(input).split("\n" + NEXT + "\n", MOST_REQUESTS);
        try (World world = new World(storages.get(), new MemoryMetadata())) {
            for (String request : requests) {
                for (String one : request.split("\n" + LATER + "\n", 3)) {
                    world.send(RawRequest.parse(Bytes.latin1(one)));
                    world.pass(Duration.ofMinutes(40));
                }
            }
            world.settle(0);
        }
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        RequestGrammar grammar = new RequestGrammar(random);
        Bytes requests = new Bytes().add(grammar.upload());
        for (int more = random.nextInt(4); more > 0; more--) {
            requests.add("\n" + (random.nextBoolean() ? NEXT : LATER) + "\n").add(grammar.request());
        }
        return requests.toArray();
    }

    @Override
    public List<byte[]> seeds() {
        String body = String.join(
                "\r\n", "--b", "Content-Disposition: form-data; name=file; filename=a.gif", "", "GIF89a", "--b--");
        String form = "X-User: a\nContent-Type: multipart/form-data; boundary=b\n\n" + body;
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(Bytes.of("POST /upload\n" + form));
        seeds.add(Bytes.of("POST /upload?expires_in_hours=1\n" + form + "\n" + LATER
                + "\nGET /1/content\nX-User: a\n\n\n" + LATER + "\nDELETE /1\nX-User: a\n\n"));
        seeds.add(Bytes.of("POST /upload\nX-End: 100\nX-Break: 1\n" + form));
        seeds.add(Bytes.of("POST /upload\n" + form + "\n" + NEXT + "\nDELETE /1\nX-User: b\n\n\n" + NEXT
                + "\nDELETE /1\nX-User: a\n\n\n" + NEXT + "\nGET /1\nX-User: a\n\n"));
        return seeds;
    }

    @Override
    public List<String> words() {
        return Stream.concat(
                        FormGrammar.WORDS.stream(),
                        Stream.of(
                                "\n" + NEXT + "\n",
                                "\n" + LATER + "\n",
                                "POST /upload",
                                "DELETE /1",
                                "GET /1/content",
                                "X-User: a\n",
                                "X-User: b\n",
                                "X-Break: 1\n",
                                "X-End: 10\n",
                                "Content-Length: 10\n",
                                "Range: bytes=0-1\n",
                                "Content-Digest: sha-256=:AA:\n",
                                "GIF89a",
                                "?expires_in_hours=1"))
                .toList();
    }
}

package dev.filestore.examples.reliability.killer;

import dev.filestore.examples.reliability.killer.Upload.Expected;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads every file again through the nodes, as an admin, once nothing is under way. */
final class ReadBack {

    /** So that no admin comes near the rate limits. */
    private static final int REQUESTS_PER_ADMIN = 40;

    private final Api api = new Api();
    private final List<URI> nodes;
    private final List<String> violations = new ArrayList<>();
    private int requests;
    private String token = "";

    ReadBack(List<URI> nodes) {
        this.nodes = nodes;
    }

    /** Returns each promise that the nodes do not keep. */
    List<String> violations(Ledger ledger, Instant now) throws IOException, InterruptedException {
        for (Upload upload : ledger.all()) {
            Expected expected = upload.expected(now);
            if (upload.id() == 0 || expected == Expected.EITHER) {
                continue;
            }
            Answer answer = api.get(next(upload), token);
            if (expected == Expected.GONE && answer.status() != 404) {
                violations.add("CAME BACK: a node answers " + answer.status() + " for " + upload);
            } else if (expected == Expected.PRESENT && answer.status() != 200) {
                violations.add("LOST: a node answers " + answer.status() + " for " + upload);
            } else if (expected == Expected.PRESENT
                    && !Content.sha256(answer.body()).equals(upload.sha256())) {
                violations.add("WRONG BYTES: a node gives others for " + upload);
            }
        }
        return violations;
    }

    private URI next(Upload upload) {
        if (requests++ % REQUESTS_PER_ADMIN == 0) {
            token = Api.token("admin" + requests, "admin");
        }
        return URI.create(nodes.get(requests % nodes.size()) + "/" + upload.id() + "/content");
    }
}

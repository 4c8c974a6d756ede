package dev.filestore.examples.reliability.killer;

import dev.filestore.examples.reliability.killer.Upload.Expected;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds a list of a user's files against the ledger. */
final class ListCheck {

    private final Ledger ledger;
    private final String user;
    private final boolean whole;
    private final Map<Long, Answer.Listed> listed;

    ListCheck(Ledger ledger, String user, Answer answer) {
        this.ledger = ledger;
        this.user = user;
        List<Answer.Listed> files = answer.files();
        whole = files.size() == Integer.parseInt(answer.field("total"));
        listed = files.stream().collect(Collectors.toMap(Answer.Listed::id, Function.identity()));
    }

    /**
     * Checks it.
     *
     * @param before the user's uploads when the list was asked for
     * @param expected what was expected of each of them then
     */
    void check(List<Upload> before, List<Expected> expected) {
        Instant now = Instant.now();
        for (int i = 0; i < before.size(); i++) {
            Upload upload = before.get(i);
            boolean there = upload.id() > 0 && listed.containsKey(upload.id());
            if (there && expected.get(i) == Expected.GONE) {
                ledger.violation("CAME BACK", "a list shows a file that was gone", upload);
            }
            if (!there && whole && expected.get(i) == Expected.PRESENT && upload.expected(now) == Expected.PRESENT) {
                ledger.violation("LOST", "a list does not show it", upload);
            }
        }
        List<Upload> after = ledger.of(user);
        for (Answer.Listed file : listed.values()) {
            if (after.stream().noneMatch(upload -> upload.id() == file.id() && isSame(upload, file))) {
                unknown(file, after);
            }
        }
    }

    /** A file whose uploader was not told its id: who may it be? */
    private void unknown(Answer.Listed file, List<Upload> uploads) {
        List<Upload> candidates = uploads.stream()
                .filter(upload -> upload.isUncertain() && isSame(upload, file))
                .toList();
        if (candidates.size() == 1) {
            ledger.seen(candidates.get(0), file.id());
        } else if (candidates.isEmpty()
                && ledger.of(user).stream().noneMatch(upload -> upload.id() == file.id() && isSame(upload, file))) {
            ledger.violation("FOREIGN", "the list of " + user + " shows what that user never handed in: " + file, null);
        }
    }

    private static boolean isSame(Upload upload, Answer.Listed file) {
        return upload.content().size() == file.size() && upload.name().equals(file.name());
    }
}

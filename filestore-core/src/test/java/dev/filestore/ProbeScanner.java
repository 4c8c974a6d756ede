package dev.filestore;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scanner that finds, fails and waits where it is told to, and knows what it was asked. For one upload at a time. */
public final class ProbeScanner implements ContentScanner {

    /** What its {@link Finding} is called. */
    public static final String FOUND = "Test.Probe-1";

    private final List<Call> calls = new ArrayList<>();
    private final List<Upload> uploads = new ArrayList<>();
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final Map<Call, Runnable> before = new EnumMap<>(Call.class);
    private Optional<Finding> verdict = Optional.empty();
    private long findingAfter = Long.MAX_VALUE;

    /** The calls of the SPI. */
    public enum Call {
        BEGIN,
        UPDATE,
        END,
        CLOSE
    }

    /** Finds something when it has seen everything. */
    public ProbeScanner findingAtEnd() {
        verdict = Optional.of(new Finding(FOUND));
        return this;
    }

    /** Finds something as soon as it has seen so many bytes. */
    public ProbeScanner findingAfter(long bytes) {
        findingAfter = bytes;
        return this;
    }

    /** Does something when it is called, such as to throw. */
    public ProbeScanner at(Call call, Runnable act) {
        before.put(call, act);
        return this;
    }

    @Override
    public Scan begin(Upload upload) {
        uploads.add(upload);
        meet(Call.BEGIN);
        return new Scan() {
            @Override
            public Optional<Finding> update(byte[] buffer, int offset, int length) {
                seen.write(buffer, offset, length);
                meet(Call.UPDATE);
                if (length < 1) {
                    throw new AssertionError("asked to scan " + length + " bytes");
                }
                return seen.size() >= findingAfter ? Optional.of(new Finding(FOUND)) : Optional.empty();
            }

            @Override
            public Optional<Finding> end() {
                meet(Call.END);
                return verdict;
            }

            @Override
            public void close() {
                meet(Call.CLOSE);
            }
        };
    }

    private void meet(Call call) {
        calls.add(call);
        before.getOrDefault(call, () -> {}).run();
    }

    /** The calls so far, those for bytes that follow each other as one. */
    public List<Call> calls() {
        List<Call> told = new ArrayList<>();
        for (Call call : calls) {
            if (call != Call.UPDATE || told.get(told.size() - 1) != Call.UPDATE) {
                told.add(call);
            }
        }
        return told;
    }

    /** What it was told of the files. */
    public List<Upload> uploads() {
        return uploads;
    }

    /** The bytes it was given. */
    public byte[] seen() {
        return seen.toByteArray();
    }
}

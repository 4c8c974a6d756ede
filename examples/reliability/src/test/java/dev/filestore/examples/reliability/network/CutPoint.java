package dev.filestore.examples.reliability.network;

import dev.filestore.TcpProxy.Direction;
import dev.filestore.TcpProxy.Ending;
import dev.filestore.TcpProxy.Fault;
import dev.filestore.TcpProxy.Then;
import dev.filestore.TcpProxy.Turn;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A place in a conversation where it can be cut.
 *
 * @param name the message, and where in it
 * @param afterBytes of this direction, counted from the start of the conversation
 * @param isInTheMiddle whether it is in the middle of a message
 */
record CutPoint(String name, Direction direction, long afterBytes, boolean isInTheMiddle) {

    /**
     * The places of note in a conversation that went well: in each message before its first byte, behind it, in the
     * middle and before the last byte; and of a message to the server also behind its last byte, when the answer is all
     * that is missing.
     */
    static List<CutPoint> of(List<Turn> turns) {
        List<CutPoint> points = new ArrayList<>();
        Map<Direction, Long> before = new EnumMap<>(Direction.class);
        for (int turn = 0; turn < turns.size(); turn++) {
            Turn message = turns.get(turn);
            long start = before.getOrDefault(message.direction(), 0L);
            long length = message.bytes();
            boolean asks = message.direction() == Direction.TO_SERVER;
            LongStream.of(0, length / 2, length - 1, asks ? length : 0)
                    .distinct()
                    .forEach(offset -> points.add(new CutPoint(
                            label(message) + " " + offset + "/" + length,
                            message.direction(),
                            start + offset,
                            offset == length / 2)));
            before.put(message.direction(), start + length);
        }
        return points;
    }

    private static String label(Turn message) {
        String text = message.begins().split("[\\r\\n]", 2)[0].replaceAll("[^ -~]+", ".");
        return (message.direction() == Direction.TO_SERVER ? "> " : "< ")
                + text.substring(0, Math.min(40, text.length()));
    }

    Fault fault(Ending ending, Then then) {
        return new Fault(direction, afterBytes, ending, then);
    }
}

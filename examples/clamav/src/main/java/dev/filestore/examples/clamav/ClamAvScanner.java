package dev.filestore.examples.clamav;

import dev.filestore.ContentScanner;
import dev.filestore.ScanException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/**
 * Asks ClamAV's daemon, {@code clamd}, by its command INSTREAM, over TCP or a socket of the file system: one connection for each upload,
 * through which the bytes go as they come. Thread-safe, immutable; nothing to close.
 *
 * <p>Each call ends by itself after a time that is set here. What {@code clamd} does not say in so many words to be clean is a
 * {@link ScanException}, also where its limit on the size of a stream was reached ({@code StreamMaxLength}). Source:
 * the manual page clamd(8), and <a href="https://docs.clamav.net/manual/Usage/ClamdProtocol.html">ClamD Protocol</a>.
 */
public final class ClamAvScanner implements ContentScanner {

    /** The port that ClamAV's own configuration names. */
    static final int DEFAULT_PORT = 3310;

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    /** More than the two minutes that clamd gives itself for a file, unless it is told otherwise. */
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(3);

    /** An upload of which nothing is heard for half an hour is lost. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private final Address address;
    private final Duration connectWithin;
    private final Duration answerWithin;

    private ClamAvScanner(Address address, Duration connectWithin, Duration answerWithin) {
        this.address = address;
        this.connectWithin = connectWithin;
        this.answerWithin = answerWithin;
    }

    /** Where the daemon listens; a host's name is looked up at each connection. */
    private interface Address {

        SocketAddress now();
    }

    /**
     * A scanner that waits for a connection for 5 seconds, and for an answer for 3 minutes.
     *
     * @param address where {@code clamd} listens: {@code host}, {@code host:port} or {@code [::1]:port}, or the absolute
     *     path of its socket. TCP is for a trusted network, since nothing of the protocol is secret or signed
     * @return the scanner; nothing is connected yet
     * @throws IllegalArgumentException if that is no address
     */
    public static ClamAvScanner at(String address) {
        return new ClamAvScanner(parse(address), CONNECT_WITHIN, ANSWER_WITHIN);
    }

    /**
     * The same with other patience.
     *
     * @param connect how long to wait for a connection
     * @param answer how long to wait for the verdict, and for bytes to be taken; more than clamd's {@code MaxScanTime}
     * @return a copy
     * @throws IllegalArgumentException if one is not more than zero and at most 20 minutes
     */
    public ClamAvScanner within(Duration connect, Duration answer) {
        for (Duration patience : new Duration[] {connect, answer}) {
            if (patience.isZero() || patience.isNegative() || patience.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a time to wait is more than zero and at most " + LONGEST.toMinutes()
                        + " minutes, found " + patience);
            }
        }
        return new ClamAvScanner(address, connect, answer);
    }

    private static Address parse(String text) {
        if (text.startsWith("/")) {
            UnixDomainSocketAddress path = UnixDomainSocketAddress.of(text);
            return () -> path;
        }
        try {
            URI uri = new URI("clamd://" + text);
            String host = uri.getHost();
            if (host != null && uri.getRawAuthority().equals(text) && uri.getRawUserInfo() == null) {
                int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
                if (port >= 1 && port <= 65_535) {
                    return () -> new InetSocketAddress(host, port);
                }
            }
        } catch (URISyntaxException e) {
            // Told below, as any other address that will not do.
        }
        throw new IllegalArgumentException(
                "the address of clamd is host:port or the absolute path of its socket, found " + text);
    }

    @Override
    public Scan begin(Upload upload) {
        return ClamdStream.open(address.now(), connectWithin, answerWithin);
    }
}

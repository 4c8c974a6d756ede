package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** All that a run says, and the secrets that must not be in it: as they are, in Base64, hexadecimal or percent-encoded. */
final class Traces {

    /** Each form of each secret, with what it is. */
    private final Map<String, String> secrets = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<Trace> said = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ofOurs = new AtomicInteger();

    private record Trace(String place, String text) {}

    void keepSecret(String what, String secret) {
        assertThat(secret).hasSizeGreaterThanOrEqualTo(8);
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        for (String form : List.of(
                secret,
                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                base64,
                base64.replace('+', '-').replace('/', '_'),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes))) {
            secrets.put(form, what);
        }
    }

    void see(String place, String text) {
        said.add(new Trace(place, text));
    }

    /** Checks that something was told there: what says nothing tells no secret either. */
    void assertHeard(String place) {
        assertThat(said).extracting(Trace::place).contains(place);
    }

    void seeObject(Object object) {
        see("toString of " + object.getClass().getName(), object.toString());
    }

    void seeThrown(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        see("exception " + thrown.getClass().getName(), text.toString());
    }

    /** Everything that is logged at any level, by everybody, until it is closed. */
    Recording record() {
        return new Recording();
    }

    final class Recording implements AutoCloseable {

        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        private final Logger ours = (Logger) LoggerFactory.getLogger("dev.filestore");
        private final Level rootLevel = root.getLevel();
        private final Level ourLevel = ours.getLevel();
        private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                String text = event.getFormattedMessage() + " " + event.getMDCPropertyMap();
                if (event.getThrowableProxy() != null) {
                    text += ThrowableProxyUtil.asString(event.getThrowableProxy());
                }
                if (event.getLoggerName().startsWith("dev.filestore")) {
                    ofOurs.incrementAndGet();
                }
                see("logger " + event.getLoggerName(), text);
            }
        };
        private final java.util.logging.Logger platform = java.util.logging.Logger.getLogger("");
        private final java.util.logging.Level platformLevel = platform.getLevel();
        private final Handler handler = new Handler() {
            @Override
            public void publish(LogRecord event) {
                see("logger " + event.getLoggerName(), new SimpleFormatter().format(event));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        private Recording() {
            appender.start();
            root.addAppender(appender);
            root.setLevel(Level.TRACE);
            ours.setLevel(Level.TRACE);
            handler.setLevel(java.util.logging.Level.ALL);
            platform.addHandler(handler);
            platform.setLevel(java.util.logging.Level.ALL);
        }

        /** Begins a part of the run. */
        void mark(String part) {
            LoggerFactory.getLogger(Traces.class).trace("{}", part);
        }

        @Override
        public void close() {
            root.detachAppender(appender);
            root.setLevel(rootLevel);
            ours.setLevel(ourLevel);
            platform.removeHandler(handler);
            platform.setLevel(platformLevel);
        }
    }

    /**
     * Checks that no secret was told, but by those who log all that passes them.
     *
     * @param wires the beginnings of the names of those loggers; the first must be found to tell one, which shows that secrets
     *     are found where they are
     */
    void assertNothingTold(String... wires) {
        assertThat(ofOurs).as("lines in our own log").hasPositiveValue();
        Set<String> told = new TreeSet<>();
        Set<String> unheard = new TreeSet<>(List.of(wires).subList(0, Math.min(1, wires.length)));
        for (Trace trace : said) {
            secrets.forEach((secret, what) -> {
                if (trace.text.contains(secret)) {
                    Optional<String> wire = Arrays.stream(wires)
                            .filter(name -> trace.place.startsWith("logger " + name))
                            .findFirst();
                    wire.ifPresentOrElse(
                            unheard::remove, () -> told.add(trace.place + ": " + what + around(trace.text, secret)));
                }
            });
        }
        assertThat(told).isEmpty();
        assertThat(unheard).as("loggers that told no secret").isEmpty();
    }

    private static String around(String text, String secret) {
        int at = text.indexOf(secret);
        return " behind: " + text.substring(Math.max(0, at - 80), at).replaceAll("\\s+", " ");
    }
}

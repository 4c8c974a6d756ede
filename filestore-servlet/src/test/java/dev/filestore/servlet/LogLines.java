package dev.filestore.servlet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** What the servlet, or another class, logs at a level and above, while this is open. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final LinkedBlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();

    LogLines(Level level) {
        this(FileStoreServlet.class, level);
    }

    LogLines(Class<?> source, Level level) {
        logger = (Logger) LoggerFactory.getLogger(source);
        logger.setLevel(level);
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.getMDCPropertyMap();
        events.add(event);
    }

    /** The next event, which may still be on its way when a client has its answer already. */
    ILoggingEvent next() throws InterruptedException {
        ILoggingEvent event = events.poll(30, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing more was logged");
        }
        return event;
    }

    /** The next event of a level. */
    ILoggingEvent next(Level level) throws InterruptedException {
        while (true) {
            ILoggingEvent event = next();
            if (event.getLevel().equals(level)) {
                return event;
            }
        }
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(null);
    }
}

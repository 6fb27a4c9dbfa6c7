package dev.tocsin.engine.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes lines to another appender on a thread of its own. It never blocks: if the other appender
 * does not keep up and the queue is full, lines are dropped, and a line with their number follows
 * where the gap is. Of one kind of line at most {@value #MAX_LINES} are logged in a minute. A kind
 * is a logger and a message without its arguments.
 */
public final class BoundedAppender extends AsyncAppender {

  /** Maximum number of lines of one kind in a minute. */
  static final int MAX_LINES = 100;

  private static final int MINUTE = 60_000;
  private static final AtomicLong DROPPED = new AtomicLong();

  /* Guarded by this object's monitor. */
  private final LineLimit limit = new LineLimit(MAX_LINES, MINUTE);
  private @Nullable Gap gap;
  private long lost;

  /** Lines that this process has dropped. */
  static long dropped() {
    return DROPPED.get();
  }

  @Override
  public void start() {
    setNeverBlock(true);
    setDiscardingThreshold(0);
    super.start();
  }

  /** Waits for the lines that are queued, up to {@code maxFlushTime}. */
  @Override
  public void stop() {
    if (isStarted()) {
      synchronized (this) {
        report(limit.end());
      }
    }
    super.stop();
  }

  @Override
  protected synchronized void append(ILoggingEvent line) {
    report(limit.advance(line.getTimeStamp()));
    if (limit.admits(line.getLoggerName() + ": " + line.getMessage())) {
      super.append(line);
    } else {
      DROPPED.incrementAndGet();
    }
  }

  /** The last place of the queue is kept for the line that reports a gap. */
  @Override
  protected void put(ILoggingEvent line) {
    int room = getRemainingCapacity();
    if (room > 1 || (room == 1 && gap != null)) {
      super.put(line);
      return;
    }
    lost++;
    DROPPED.incrementAndGet();
    if (gap == null) {
      gap = new Gap(logger());
      super.put(gap);
    }
  }

  private void report(Map<String, Integer> refused) {
    refused.forEach(
        (kind, count) ->
            super.append(
                line("{} more lines of this kind within a minute were dropped: {}", count, kind)));
  }

  private LoggingEvent line(String message, Object... arguments) {
    return new LoggingEvent(
        BoundedAppender.class.getName(), logger(), Level.WARN, message, null, arguments);
  }

  private Logger logger() {
    return ((LoggerContext) getContext()).getLogger(BoundedAppender.class);
  }

  private synchronized long endGap() {
    long count = lost;
    lost = 0;
    gap = null;
    return count;
  }

  /** Reports how many lines were dropped until it is written itself. */
  private final class Gap extends LoggingEvent {

    private @Nullable String message;

    Gap(Logger logger) {
      super(BoundedAppender.class.getName(), logger, Level.WARN, "", null, null);
    }

    @Override
    public String getFormattedMessage() {
      if (message == null) {
        message = "%,d lines were dropped: nobody read standard error.".formatted(endGap());
      }
      return message;
    }
  }
}

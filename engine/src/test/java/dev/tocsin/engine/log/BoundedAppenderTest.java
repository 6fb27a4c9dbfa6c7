package dev.tocsin.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class BoundedAppenderTest {

  private static final int QUEUE = 10;

  private final LoggerContext context = new LoggerContext();
  private final Reader reader = new Reader();
  private final BoundedAppender log = new BoundedAppender();
  private final Logger logger = context.getLogger("a.Part");

  BoundedAppenderTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    reader.setContext(context);
    reader.start();
    log.setContext(context);
    log.setQueueSize(QUEUE);
    log.setMaxFlushTime(60_000);
    log.addAppender(reader);
    log.start();
    logger.addAppender(log);
  }

  /** Standard error, read a line at a time. */
  private static final class Reader extends AppenderBase<ILoggingEvent> {
    final Semaphore reads = new Semaphore(0);
    final Semaphore begun = new Semaphore(0);
    final List<String> lines = new ArrayList<>();

    @Override
    protected void append(ILoggingEvent line) {
      begun.release();
      reads.acquireUninterruptibly();
      lines.add(line.getLevel() + " " + line.getFormattedMessage());
    }
  }

  private List<String> end() {
    reader.reads.release(100_000);
    context.stop();
    return reader.lines;
  }

  @Test
  void linesAreWrittenInOrderAndAStopWaitsForThem() {
    logger.info("one {}", 1);
    logger.warn("two {}", 2);
    assertThat(end()).containsExactly("INFO one 1", "WARN two 2");
  }

  @Test
  void aReaderThatDoesNotReadCostsLinesAndTheyAreCounted() throws InterruptedException {
    long before = BoundedAppender.dropped();
    logger.info("first");
    reader.begun.acquire();
    for (int i = 0; i < 50; i++) {
      logger.info("line {}", i);
    }
    assertThat(BoundedAppender.dropped() - before).isEqualTo(50 - (QUEUE - 1));
    reader.reads.release(100_000);
    reader.begun.acquire(QUEUE);
    List<String> lines = end();
    assertThat(lines).hasSize(1 + QUEUE);
    assertThat(lines.get(QUEUE - 1)).isEqualTo("INFO line 8");
    assertThat(lines.get(QUEUE))
        .isEqualTo("WARN 41 lines were dropped: nobody read standard error.");
  }

  @Test
  void theLogResumesAfterAGap() throws InterruptedException {
    logger.info("first");
    reader.begun.acquire();
    for (int i = 0; i < 50; i++) {
      logger.info("line {}", i);
    }
    reader.reads.release(100_000);
    reader.begun.acquire(QUEUE);
    logger.info("last");
    assertThat(end()).last().isEqualTo("INFO last");
  }

  @Test
  void ofOneKindAMinuteHasAHundredLines() throws InterruptedException {
    reader.reads.release(100_000);
    long before = BoundedAppender.dropped();
    for (int i = 0; i < BoundedAppender.MAX_LINES + 7; i++) {
      logger.error("bad {}", i);
      if (i < BoundedAppender.MAX_LINES) {
        reader.begun.acquire();
      }
    }
    logger.info("another kind");
    assertThat(BoundedAppender.dropped() - before).isEqualTo(7);
    assertThat(end())
        .hasSize(BoundedAppender.MAX_LINES + 2)
        .endsWith(
            "INFO another kind",
            "WARN 7 more lines of this kind within a minute were dropped: a.Part: bad {}");
  }
}

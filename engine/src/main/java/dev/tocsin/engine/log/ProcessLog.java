package dev.tocsin.engine.log;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;

/** The log of this process as a whole. */
public final class ProcessLog {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessLog.class);

  private ProcessLog() {}

  /**
   * From now on an error that nobody waits for is logged only if it is a fault of this program: a
   * connection that breaks often reports that again after its request has ended.
   */
  public static void ignoreLateConnectionErrors() {
    Hooks.onErrorDropped(ProcessLog::late);
  }

  private static void late(Throwable failure) {
    Throwable cause = Exceptions.unwrap(failure);
    if (!ConnectionErrors.contains(cause)) {
      LOG.error("An error came after the end of its operation", cause);
    }
  }

  /** Lines dropped since the process began, because nobody read them or because of their number. */
  public static long dropped() {
    return BoundedAppender.dropped();
  }

  /** Writes what is queued, for at most a second. Later lines are dropped. */
  public static void end() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}

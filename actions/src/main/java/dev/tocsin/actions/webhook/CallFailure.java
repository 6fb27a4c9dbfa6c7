package dev.tocsin.actions.webhook;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.PrematureCloseException;

/** Why a call got no answer, in words that an operator can act on. */
final class CallFailure {

  private static final int MAX_CAUSES = 20;

  private CallFailure() {}

  /** The reason of a failure. It names the target and nothing of the request. */
  static String reason(Throwable failure, String target, Duration timeout) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      String known = known(cause, target, timeout);
      if (known != null) {
        return known;
      }
      cause = cause.getCause();
    }
    return "the call to " + target + " failed: " + failure.getClass().getSimpleName();
  }

  private static @Nullable String known(Throwable cause, String target, Duration timeout) {
    return switch (cause) {
      case ConnectTimeoutException slow -> "no connection to " + target;
      case TimeoutException late -> "no answer within " + text(timeout);
      case UnknownHostException unknown -> "unknown host in " + target;
      case NoRouteToHostException unreachable -> "no route to " + target;
      case ConnectException refused -> "connection refused by " + target;
      case PrematureCloseException closed -> closed(closed, target);
      case NotSslRecordException plain -> target + " does not speak TLS";
      case CertPathBuilderException untrusted ->
          "TLS failure with " + target + ": its certificate is not trusted";
      case CertificateException wrong ->
          "TLS failure with " + target + ": its certificate is not valid for it";
      case SSLException tls when isLast(tls) -> "TLS failure with " + target;
      case DecoderException garbage when isLast(garbage) -> noHttp(target);
      case IllegalArgumentException garbage -> noHttp(target);
      case ChannelException full when isLast(full) -> "no connection to " + target;
      case IOException full when isOutOfFiles(full) -> "too many open files";
      case IOException reset when isReset(reset) -> "connection reset by " + target;
      default -> null;
    };
  }

  private static boolean isLast(Throwable failure) {
    return failure.getCause() == null;
  }

  private static String noHttp(String target) {
    return target + " did not answer with HTTP";
  }

  private static String closed(PrematureCloseException closed, String target) {
    return String.valueOf(closed.getMessage()).contains("BEFORE")
        ? "connection closed by " + target + " before it answered"
        : "connection closed by " + target + " before its answer was complete";
  }

  private static boolean isOutOfFiles(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("Too many open files");
  }

  private static boolean isReset(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("reset") || message.contains("broken pipe");
  }

  /** A duration as people write it: {@code 15 s}, {@code 200 ms}. */
  static String text(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}

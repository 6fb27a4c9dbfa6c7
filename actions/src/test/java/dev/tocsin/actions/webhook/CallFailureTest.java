package dev.tocsin.actions.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CallFailureTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new TimeoutException(), "no answer within 200 ms"),
        Arguments.of(new UnknownHostException("s3cr3t"), "unknown host in h:1"),
        Arguments.of(new ConnectTimeoutException("s3cr3t"), "no connection to h:1"),
        Arguments.of(new ConnectException("refused s3cr3t"), "connection refused by h:1"),
        Arguments.of(new NoRouteToHostException("s3cr3t"), "no route to h:1"),
        Arguments.of(new SocketException("Connection reset"), "connection reset by h:1"),
        Arguments.of(new IOException("Broken pipe"), "connection reset by h:1"),
        Arguments.of(
            caused(new SSLHandshakeException("s3cr3t"), new CertPathBuilderException("s3cr3t")),
            "TLS failure with h:1: its certificate is not trusted"),
        Arguments.of(
            caused(new SSLHandshakeException("s3cr3t"), new CertificateException("s3cr3t")),
            "TLS failure with h:1: its certificate is not valid for it"),
        Arguments.of(
            caused(new ChannelException("s3cr3t"), new SocketException("Too many open files")),
            "too many open files"),
        Arguments.of(new SSLException("s3cr3t"), "TLS failure with h:1"),
        Arguments.of(
            new IllegalStateException("s3cr3t"), "the call to h:1 failed: IllegalStateException"));
  }

  private static Throwable caused(Throwable failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatHappenedAndNothingOfTheRequest(Throwable failure, String reason) {
    Duration timeout = Duration.ofMillis(200);
    assertThat(CallFailure.reason(failure, "h:1", timeout)).isEqualTo(reason);
    assertThat(CallFailure.reason(failure, "h:1", timeout)).doesNotContain("s3cr3t");
  }

  @Test
  void endsOnACauseOfItself() {
    IOException first = new IOException("one");
    IOException second = new IOException("two", first);
    first.initCause(second);
    assertThat(CallFailure.reason(first, "h:1", Duration.ofSeconds(1)))
        .isEqualTo("the call to h:1 failed: IOException");
  }
}

package dev.tocsin.engine.server;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tocsin.engine.metrics.Metrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bounds the open connections: one more is answered with 503 and closed before it is read. */
final class ConnectionLimit {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

  private static final byte[] REFUSAL =
      """
      HTTP/1.1 503 Service Unavailable\r
      Content-Length: 0\r
      Connection: close\r
      Retry-After: 1\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final int max;
  private final Metrics metrics;
  private final AtomicInteger open = new AtomicInteger();

  /** Created early: when it is needed no file descriptor may be left to load its class. */
  private final Refusal refusal = new Refusal();

  /** At most {@code wanted} connections, fewer if the process may not open that many files. */
  ConnectionLimit(int wanted, Metrics metrics) {
    this.max = max(wanted);
    this.metrics = metrics;
    metrics.openConnections(open::get);
  }

  /**
   * At most three quarters of the files that the process may still open: without a spare file it
   * could neither refuse a connection nor call a webhook.
   */
  private static int max(int wanted) {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof UnixOperatingSystemMXBean files)) {
      return wanted;
    }
    long limit = files.getMaxFileDescriptorCount();
    long room = Math.max(1, (limit - files.getOpenFileDescriptorCount()) * 3 / 4);
    if (room >= wanted) {
      return wanted;
    }
    LOG.warn(
        "Accepting at most {} connections, not {} (max_connections): this process may open {}"
            + " files, and needs some for the store and for calls. Raise the limit with ulimit -n.",
        room,
        wanted,
        limit);
    return (int) room;
  }

  /** Admits a new connection or refuses it. */
  void admit(Channel channel) {
    int now = open.incrementAndGet();
    channel.closeFuture().addListener(closed -> open.decrementAndGet());
    if (now > max) {
      metrics.connectionRefused();
      channel.config().setAutoRead(false);
      channel.pipeline().addFirst(refusal);
    }
  }

  @ChannelHandler.Sharable
  private static final class Refusal extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.wrappedBuffer(REFUSAL))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}

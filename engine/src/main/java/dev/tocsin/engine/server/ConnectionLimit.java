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

/** Counts open connections; one above the bound is told so and closed, before any of it is read. */
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

  private final int most;
  private final Metrics metrics;
  private final AtomicInteger open = new AtomicInteger();

  /** Made before it is needed: then there may be no file left to load its class from. */
  private final Refusal refusal = new Refusal();

  /** At most so many, and fewer where the process may not open as many files. */
  ConnectionLimit(int wanted, Metrics metrics) {
    this.most = most(wanted);
    this.metrics = metrics;
    metrics.openConnections(open::get);
  }

  /**
   * Three quarters of the files that the process may still open: without a file to spare it could
   * neither refuse a connection nor call a webhook.
   */
  private static int most(int wanted) {
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
        "At most {} connections are taken, not {} (max_connections): this process may open {}"
            + " files, and needs some for the store and for calls. Raise that limit (ulimit -n).",
        room,
        wanted,
        limit);
    return (int) room;
  }

  /** Lets a new connection in, or not. */
  void admit(Channel channel) {
    int now = open.incrementAndGet();
    channel.closeFuture().addListener(closed -> open.decrementAndGet());
    if (now > most) {
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

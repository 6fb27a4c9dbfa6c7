package dev.tocsin.engine.http;

import dev.tocsin.engine.metrics.Metrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open connections; one above the bound is told so and closed, before any of it is read. */
final class ConnectionLimit {

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

  ConnectionLimit(int most, Metrics metrics) {
    this.most = most;
    this.metrics = metrics;
    metrics.openConnections(open::get);
  }

  /** Lets a new connection in, or not. */
  void admit(Channel channel) {
    int now = open.incrementAndGet();
    channel.closeFuture().addListener(closed -> open.decrementAndGet());
    if (now > most) {
      metrics.connectionRefused();
      channel.config().setAutoRead(false);
      channel.pipeline().addFirst(new Refusal());
    }
  }

  private static final class Refusal extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.wrappedBuffer(REFUSAL))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}

package dev.tocsin.engine.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Bounds the time from the first to the last byte of a request's head: a sender that drips bytes is
 * never idle, and would keep its connection forever. A head that arrives whole is not timed.
 */
final class HeadDeadline {

  private static final byte[] ANSWER =
      """
      HTTP/1.1 408 Request Timeout\r
      Content-Length: 0\r
      Connection: close\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  /** Name of its handler that is last in the pipeline. */
  static final String LAST = "head-messages";

  private final RequestGate gate;
  private final Duration timeout;
  private boolean hasBegun;
  private boolean isAwaited = true;
  private @Nullable Future<?> deadline;

  private HeadDeadline(RequestGate gate, Duration timeout) {
    this.gate = gate;
    this.timeout = timeout;
  }

  /**
   * Sets a deadline for every head of a connection.
   *
   * @param gate a head that waits behind it may be unread, and has time
   */
  static void on(Channel channel, RequestGate gate, Duration timeout) {
    HeadDeadline head = new HeadDeadline(gate, timeout);
    channel.pipeline().addBefore(NettyPipeline.HttpCodec, "head-bytes", head.new ByteObserver());
    channel.pipeline().addAfter(NettyPipeline.HttpCodec, LAST, head.new MessageObserver());
  }

  private void cancel() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Observes the bytes of the socket. */
  private final class ByteObserver extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      hasBegun |= isAwaited;
      context.fireChannelRead(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (hasBegun && deadline == null) {
        schedule(context);
      }
      context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      cancel();
      context.fireChannelInactive();
    }

    private void schedule(ChannelHandlerContext context) {
      deadline =
          context
              .executor()
              .schedule(() -> expire(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(ChannelHandlerContext context) {
      if (gate.isAnswering()) {
        schedule(context);
        return;
      }
      context
          .writeAndFlush(Unpooled.wrappedBuffer(ANSWER))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Observes the messages that are decoded from them. */
  private final class MessageObserver extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest) {
        isAwaited = false;
        hasBegun = false;
        cancel();
      }
      if (message instanceof LastHttpContent) {
        isAwaited = true;
      }
      context.fireChannelRead(message);
    }
  }
}

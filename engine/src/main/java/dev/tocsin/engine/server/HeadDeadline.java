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

  private final Duration timeout;
  private boolean hasBegun;
  private boolean isAwaited = true;
  private @Nullable Future<?> deadline;

  private HeadDeadline(Duration timeout) {
    this.timeout = timeout;
  }

  /** Sets a deadline for every head of a connection. */
  static void on(Channel channel, Duration timeout) {
    HeadDeadline head = new HeadDeadline(timeout);
    channel.pipeline().addBefore(NettyPipeline.HttpCodec, "head-bytes", head.new ByteObserver());
    channel
        .pipeline()
        .addAfter(NettyPipeline.HttpCodec, "head-messages", head.new MessageObserver());
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
        deadline =
            context
                .executor()
                .schedule(() -> expire(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
      }
      context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      cancel();
      context.fireChannelInactive();
    }

    private void expire(ChannelHandlerContext context) {
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

package dev.tocsin.engine.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.netty.NettyPipeline;

/**
 * Closes a connection whose client takes no byte of an answer for a time: the answer would stay in
 * memory as long as the client likes.
 */
final class UnreadAnswer extends ChannelOutboundHandlerAdapter {

  private final Duration timeout;
  private boolean isWatching;
  private long pending;
  private long progress;

  private UnreadAnswer(Duration timeout) {
    this.timeout = timeout;
  }

  /** Watches the answers of a connection. */
  static void on(Channel channel, Duration timeout) {
    channel
        .pipeline()
        .addBefore(NettyPipeline.HttpCodec, "unread-answer", new UnreadAnswer(timeout));
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    if (!isWatching && observe(context)) {
      isWatching = true;
      schedule(context);
    }
  }

  private void schedule(ChannelHandlerContext context) {
    var _ =
        context
            .executor()
            .schedule(() -> check(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void check(ChannelHandlerContext context) {
    long pendingBefore = pending;
    long progressBefore = progress;
    if (!observe(context)) {
      isWatching = false;
    } else if (pending == pendingBefore && progress == progressBefore) {
      var _ = context.close();
    } else {
      schedule(context);
    }
  }

  /** Notes how far the answer is; returns whether bytes of it wait for the client. */
  private boolean observe(ChannelHandlerContext context) {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    if (buffer == null) {
      return false; // closed
    }
    pending = buffer.totalPendingWriteBytes();
    progress = buffer.currentProgress();
    return pending > 0;
  }
}

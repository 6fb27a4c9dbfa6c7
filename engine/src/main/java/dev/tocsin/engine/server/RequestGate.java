package dev.tocsin.engine.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Passes the requests of a connection one at a time, each when the one before is answered. While a
 * request is answered the connection is read once more, so that a client that leaves is noticed.
 * What arrives of further requests waits here, and nothing more is read.
 *
 * <p>A client that has closed its side of the connection may still read, or may be gone: nobody can
 * tell. It gets the answers that it takes within {@value #PATIENCE_SECONDS} s, or keeps reading.
 */
final class RequestGate extends ChannelDuplexHandler {

  static final long PATIENCE_SECONDS = 2;

  private final Queue<Object> waiting = new ArrayDeque<>();

  /** A request has passed, and its answer is not complete. */
  private boolean isAnswering;

  /** The last byte of that request has passed. */
  private boolean isWhole;

  /** The head of its answer is written, its end is not. */
  private boolean hasBegun;

  /** Its answer ends the connection. */
  private boolean isLast;

  private boolean isInputClosed;
  private boolean isReadAsked;

  /** Whether a request is being answered, so that the next one waits. */
  boolean isAnswering() {
    return isAnswering;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isLast) {
      ReferenceCountUtil.release(message);
    } else if (!waiting.isEmpty() || (isAnswering && message instanceof HttpRequest)) {
      waiting.add(message);
    } else {
      pass(context, message);
    }
  }

  private void pass(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      isAnswering = true;
      isWhole = false;
    }
    if (message instanceof LastHttpContent) {
      isWhole = true;
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (isAnswering && isWhole && waiting.isEmpty() && !isInputClosed) {
      context.read();
    }
  }

  @Override
  public void read(ChannelHandlerContext context) {
    isReadAsked = !waiting.isEmpty();
    if (!isReadAsked) {
      context.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse head
        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      hasBegun = true;
      isLast = !HttpUtil.isKeepAlive(head);
    }
    if (!(hasBegun && message instanceof LastHttpContent)) {
      var _ = context.write(message, promise);
      return;
    }
    hasBegun = false;
    ChannelPromise written = promise.unvoid();
    var _ = context.write(message, written);
    // Later than what the other handlers do when it is written: they still belong to this request.
    context
        .executor()
        .execute(() -> written.addListener(end -> context.executor().execute(() -> next(context))));
  }

  private void next(ChannelHandlerContext context) {
    isAnswering = false;
    if (isLast) {
      discard();
      return;
    }
    while (!waiting.isEmpty() && !(isAnswering && waiting.peek() instanceof HttpRequest)) {
      pass(context, waiting.remove());
    }
    if (isInputClosed) {
      closeUnlessAnswered(context);
    } else if (waiting.isEmpty() && isReadAsked) {
      read(context);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      isInputClosed = true;
      closeUnlessAnswered(context);
    }
    context.fireUserEventTriggered(event);
  }

  /** The client sends nothing more: closes the connection if nothing is left to answer, or soon. */
  private void closeUnlessAnswered(ChannelHandlerContext context) {
    if (!isAnswering && waiting.isEmpty()) {
      var _ = context.close();
    } else if (isAnswering && !isWhole && waiting.isEmpty()) {
      var _ = context.close(); // The rest of its body will not come.
    } else {
      closeLater(context);
    }
  }

  private void closeLater(ChannelHandlerContext context) {
    var _ =
        context
            .executor()
            .schedule(() -> closeUnlessSending(context), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void closeUnlessSending(ChannelHandlerContext context) {
    ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
    if (hasBegun && unsent != null && unsent.totalPendingWriteBytes() > 0) {
      closeLater(context);
    } else {
      var _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    discard();
    context.fireChannelInactive();
  }

  private void discard() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }
}

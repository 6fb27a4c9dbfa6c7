package dev.tocsin.engine.log;

import io.netty.channel.ChannelException;
import io.netty.handler.codec.CodecException;
import java.io.IOException;
import reactor.netty.channel.AbortedException;

/** The errors that the other side of a connection causes. They deserve no line of the log. */
public final class ConnectionErrors {

  private ConnectionErrors() {}

  /**
   * Whether an error is one of a connection: closed, reset, timed out, or not what it should be.
   */
  public static boolean contains(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof AbortedException
        || failure instanceof ChannelException
        || failure instanceof CodecException;
  }
}

package dev.tocsin.engine.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A process that opens connections to a port and leaves them idle until it is ended. */
final class IdleConnections {

  private IdleConnections() {}

  public static void main(String[] arguments) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    int count = Integer.parseInt(arguments[1]);
    List<SocketChannel> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      open.add(SocketChannel.open(server));
    }
    System.out.println("open " + open.size());
    while (System.in.read() >= 0) {
      // Input is not expected; its end is.
    }
  }
}

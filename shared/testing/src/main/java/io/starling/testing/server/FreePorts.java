package io.starling.testing.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports that nobody listens on at the moment; a server that needs a number gets one of them. */
public final class FreePorts {
  private FreePorts() {}

  public static List<Integer> take(int count) {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (var i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new IllegalStateException("no free port: " + e.getMessage(), e);
    } finally {
      sockets.forEach(FreePorts::close);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // Nothing was accepted on it; there is nothing to lose.
    }
  }
}

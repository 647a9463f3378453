package io.starling.standalone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/**
 * Looks whether the ports are free before anything is started, so that a port in use costs a line
 * and not a half start.
 */
final class Ports {
  private Ports() {}

  /**
   * Tries each port.
   *
   * @param ports by the name of their setting
   * @throws StartRefused naming the first that is in use
   */
  static void requireFree(String host, Map<String, Integer> ports) {
    ports.forEach(
        (setting, port) -> {
          if (port != 0) {
            requireFree(host, setting, port);
          }
        });
  }

  private static void requireFree(String host, String setting, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new StartRefused(
          "port " + port + " (" + setting + ") on " + host + " cannot be used: " + e.getMessage());
    }
  }
}

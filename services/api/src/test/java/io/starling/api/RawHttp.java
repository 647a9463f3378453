package io.starling.api;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, as no proper client would, and reads what comes. */
final class RawHttp {
  private RawHttp() {}

  /**
   * What came back.
   *
   * @param closed whether the server hung up within the time waited
   */
  record Reply(String text, boolean closed) {
    int status() {
      return text.length() < 12 ? 0 : Integer.parseInt(text.substring(9, 12));
    }

    JsonObject json() {
      return new JsonObject(text.substring(text.indexOf("\r\n\r\n") + 4));
    }
  }

  static Reply send(Region region, String request) {
    return send(region, request, 5_000);
  }

  static Reply send(Region region, String request, int waitMillis) {
    var text = new ByteArrayOutputStream();
    boolean closed = false;
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), region.api.port())) {
      socket.setSoTimeout(waitMillis);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] bytes = new byte[8_192];
      for (int n = socket.getInputStream().read(bytes);
          n >= 0;
          n = socket.getInputStream().read(bytes)) {
        text.write(bytes, 0, n);
      }
      closed = true;
    } catch (SocketTimeoutException _) {
      // Kept open, as HTTP/1.1 does.
    } catch (SocketException _) {
      closed = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Reply(text.toString(StandardCharsets.UTF_8), closed);
  }

  /** Sends, and hangs up without reading. */
  static void leave(Region region, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), region.api.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}

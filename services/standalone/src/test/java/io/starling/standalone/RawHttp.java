package io.starling.standalone;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, as no HTTP client would, and reads until the server hangs up. */
final class RawHttp {
  private static final int TIMEOUT_MILLIS = 30_000;

  private RawHttp() {}

  /** All that came back. */
  record Reply(String text) {
    int status() {
      return text.startsWith("HTTP/1.") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    JsonObject json() {
      return new JsonObject(text.substring(text.indexOf("\r\n\r\n") + 4));
    }
  }

  /** The answer and the end of the connection, which must come within thirty seconds. */
  static Reply send(int port, String request) {
    var text = new ByteArrayOutputStream();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var bytes = new byte[8_192];
      for (int n = socket.getInputStream().read(bytes);
          n >= 0;
          n = socket.getInputStream().read(bytes)) {
        text.write(bytes, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection goes on after: " + text, e);
    } catch (SocketException _) {
      // Hung up before all was read.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Reply(text.toString(StandardCharsets.UTF_8));
  }
}

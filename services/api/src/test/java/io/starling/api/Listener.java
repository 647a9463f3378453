package io.starling.api;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A reader of an event stream that sees the server's single writes, the chunks of the answer, and
 * holds it to whole events in each.
 */
final class Listener implements AutoCloseable {
  private final Socket socket = new Socket();
  private final LinkedBlockingQueue<String> chunks = new LinkedBlockingQueue<>();
  private final String head;
  private volatile String lastId = "";
  private volatile boolean ended;

  private Listener(
      int port, String path, String token, String headers, int receiveBuffer, boolean reads) {
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setSoTimeout(20_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + token
              + "\r\n"
              + headers
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      var input = new BufferedInputStream(socket.getInputStream());
      head = readHead(input);
      if (reads) {
        var _ = Thread.ofVirtual().start(() -> readChunks(input));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a stream as the region's person. */
  static Listener open(Region region, String path) {
    return open(region, path, Region.TOKEN);
  }

  static Listener open(Region region, String path, String token) {
    var opened = new Listener(region.api.port(), path, token, "", 0, true);
    if (opened.status() == 200) {
      region.described.check("GET", path, 200, "text/event-stream", "");
    }
    return opened;
  }

  /** Opens a stream as a reader who was told this id last. */
  static Listener resume(Region region, String path, String lastId) {
    String header = "Last-Event-ID: " + lastId + "\r\n";
    return new Listener(region.api.port(), path, Region.TOKEN, header, 0, true);
  }

  /** Opens a stream as a reader who says what he accepts. */
  static Listener accepting(Region region, String path, String type) {
    return new Listener(region.api.port(), path, Region.TOKEN, accept(type), 0, true);
  }

  private static String accept(String type) {
    return "Accept: " + type + "\r\n";
  }

  /** Opens a stream and never reads it. */
  static Listener deaf(Region region, String path) {
    return new Listener(region.api.port(), path, Region.TOKEN, "", 4_096, false);
  }

  /** Asks for something, and reads no more than the head of it. */
  static Listener deaf(Region region, String path, String type) {
    return new Listener(region.api.port(), path, Region.TOKEN, accept(type), 4_096, false);
  }

  /** What an event says, apart from its name. */
  static JsonObject data(String event) {
    String line = event.lines().filter(each -> each.startsWith("data: ")).findFirst().orElseThrow();
    return new JsonObject(line.substring(6));
  }

  private static String readHead(InputStream input) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = input.read();
      if (next < 0) {
        throw new IOException("ended in the head: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private void readChunks(InputStream input) {
    try {
      while (true) {
        var size = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
          if (next < 0) {
            return;
          }
          size.append((char) next);
        }
        int length = Integer.parseInt(size.toString().strip(), 16);
        String chunk = new String(input.readNBytes(length), StandardCharsets.UTF_8);
        input.skipNBytes(2);
        if (length == 0) {
          return;
        }
        take(chunk);
      }
    } catch (IOException _) {
      // Ended by the server: that is what some tests wait for.
    } finally {
      ended = true;
    }
  }

  private void take(String chunk) {
    if (!chunk.startsWith("event: ") && !chunk.startsWith("id: ")) {
      chunks.add(chunk);
    } else if (chunk.endsWith("\n\n")) {
      for (String block : chunk.split("(?<=\n\n)", 0)) {
        if (block.startsWith("id: ")) {
          lastId = block.substring(4).strip();
        } else {
          chunks.add(block);
        }
      }
    } else {
      chunks.add("cut within an event: " + chunk);
    }
  }

  String head() {
    return head;
  }

  int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  boolean ended() {
    return ended;
  }

  /** The id that the stream told last, empty if none. */
  String lastId() {
    return lastId;
  }

  /** The next event, comment or newline of the server. */
  String next() {
    try {
      String chunk = chunks.poll(10, TimeUnit.SECONDS);
      if (chunk == null) {
        throw new AssertionError("nothing within 10 s");
      }
      return chunk;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The next events. */
  List<String> events(int count) {
    var events = new ArrayList<String>();
    while (events.size() < count) {
      String chunk = next();
      if (chunk.startsWith("event: ")) {
        events.add(chunk);
      }
    }
    return events;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

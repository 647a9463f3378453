package io.starling.connection;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Somebody else's client, by what all of them can do; blocking, and bounded in time. */
interface OtherClient extends AutoCloseable {
  int LIMIT_SECONDS = 20;

  /**
   * Where the gateway is, and who comes.
   *
   * @param scheme {@code tcp}, {@code ssl}, {@code ws} or {@code wss}
   * @param keeps whether the session is to outlive the connection
   */
  record As(
      String scheme,
      int port,
      String id,
      String user,
      String password,
      boolean keeps,
      SSLContext context,
      TrustManagerFactory trust) {
    String url() {
      return scheme + "://127.0.0.1:" + port + (isWebSocket() ? "/mqtt" : "");
    }

    boolean isWebSocket() {
      return scheme.startsWith("ws");
    }

    boolean isSecure() {
      return scheme.equals("ssl") || scheme.equals("wss");
    }
  }

  /** Connects; tells whether a session was there. */
  boolean connect() throws Exception;

  void subscribe(String filter, int qos) throws Exception;

  /** Returns once it is acknowledged. */
  void publish(String topic, int qos, String payload) throws Exception;

  /** The next message as {@code topic qos payload}. */
  String receive() throws Exception;

  @Override
  void close();

  /** What a queue has next, in time. */
  static String next(BlockingQueue<String> received) throws InterruptedException {
    @Nullable String next = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no message came");
    }
    return next;
  }
}

package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.tls.TlsConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MQTT over WebSocket (MQTT 5, section 6), by Java's own client. */
class WebSocketIT {
  private static final String ID = TestRegion.DEVICE.toString();

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private HttpClient http;
  private TestRegion region;
  private int port;
  private byte[] connect;

  @BeforeEach
  void start() {
    region = TestRegion.start();
    http = HttpClient.newHttpClient();
    var gateway = region.gateway("a");
    port = gateway.webSocketPort();
    try (var client = RawClient.open(gateway.mqttPort(), true)) {
      connect = client.connect(ID, ID, TestRegion.SECRET);
    }
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    region.close();
  }

  private WebSocket open(String path, String protocol) {
    return http.newWebSocketBuilder()
        .subprotocols(protocol)
        .buildAsync(URI.create("ws://127.0.0.1:" + port + path), new Heard())
        .join();
  }

  private final class Heard implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      heard.add(HexFormat.of().formatHex(bytes));
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      heard.add("pong");
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      heard.add("closed " + status);
      return null;
    }
  }

  private String next() throws InterruptedException {
    String next = heard.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return String.valueOf(next);
  }

  @Test
  void packetsAndFramesHaveNothingToDoWithEachOther() throws InterruptedException {
    var socket = open("/mqtt", "mqtt");
    assertThat(socket.getSubprotocol()).isEqualTo("mqtt");
    // One message of many frames, then one of the last byte and two packets more.
    for (int i = 0; i < connect.length - 1; i++) {
      var _ = socket.sendBinary(ByteBuffer.wrap(connect, i, 1), i == connect.length - 2).join();
    }
    var rest = ByteBuffer.allocate(5).put(connect[connect.length - 1]);
    rest.put(HexFormat.of().parseHex("c000c000")).flip();
    socket.sendBinary(rest, true).join();

    var answers = new StringBuilder();
    while (!answers.toString().endsWith("d000d000")) {
      answers.append(next());
    }
    assertThat(answers.toString()).startsWith("20");
    assertThat(region.onlineSession(ID).online()).isTrue();
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertThat(next()).isEqualTo("closed 1000");
    region.await(() -> !region.session(ID).orElseThrow().online());
  }

  @Test
  void answersPings() throws InterruptedException {
    var socket = open("/mqtt", "mqtt");
    socket.sendPing(ByteBuffer.allocate(3)).join();
    assertThat(next()).isEqualTo("pong");
    socket.abort();
  }

  @Test
  void textEndsTheConnection() throws InterruptedException {
    open("/mqtt", "mqttv3.1").sendText("hello", true).join();
    assertThat(next()).isEqualTo("closed 1003");
  }

  @Test
  void theReasonComesBeforeTheClose() throws InterruptedException {
    var socket = open("/mqtt", "mqtt");
    socket.sendBinary(ByteBuffer.wrap(connect), true).join();
    assertThat(next()).startsWith("20");
    socket.sendBinary(ByteBuffer.wrap(HexFormat.of().parseHex("2003000000")), true).join();
    assertThat(next()).isEqualTo("e00182");
    assertThat(next()).isEqualTo("closed 1000");
  }

  @Test
  void refusesOtherPaths() {
    assertThat(refusal(() -> open("/other", "mqtt"))).isEqualTo(404);
  }

  /** [MQTT-6.0.0-3]. */
  @Test
  void refusesWhoDoesNotOfferMqtt() {
    assertThat(refusal(() -> open("/mqtt", "chat"))).isEqualTo(400);
    assertThat(
            refusal(
                () ->
                    http.newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/mqtt"), new Heard())
                        .join()))
        .isEqualTo(400);
  }

  @Test
  void picksMqttFromWhatIsOffered() {
    var socket =
        http.newWebSocketBuilder()
            .subprotocols("chat", "mqtt")
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/mqtt"), new Heard())
            .join();
    assertThat(socket.getSubprotocol()).isEqualTo("mqtt");
    socket.abort();
  }

  @Test
  void letsBrowsersInFromPagesThatMayUseIt() {
    var listen =
        new ListenConfig(
            "127.0.0.1", 0, 0, 0, 0, TlsConfig.OFF, List.of(), Set.of("https://app.example"));
    var gateway = region.gateway("b", TestRegion.config(listen, TestRegion.GUARD));
    port = gateway.webSocketPort();
    from("https://App.example").abort();
    // No browser.
    open("/mqtt", "mqtt").abort();
    assertThat(refusal(() -> from("https://evil.example"))).isEqualTo(403);
    assertThat(refusal(() -> from("null"))).isEqualTo(403);
  }

  @Test
  void answersWhoSpeaksPlainHttp() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mqtt")).build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(400);
  }

  @Test
  void closesWhoNeverFinishesTheUpgrade() {
    try (var client = RawClient.open(port, true)) {
      client.send("GET /mqtt HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.ends()).isTrue();
    }
  }

  private WebSocket from(String origin) {
    return http.newWebSocketBuilder()
        .subprotocols("mqtt")
        .header("Origin", origin)
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/mqtt"), new Heard())
        .join();
  }

  private static int refusal(Supplier<WebSocket> opening) {
    try {
      opening.get().abort();
      return 101;
    } catch (CompletionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refused
          ? refused.getResponse().statusCode()
          : 0;
    }
  }
}

package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.DISCONNECT;
import static io.starling.connection.RawClient.PINGRESP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.connection.guard.GuardLimits;
import io.starling.connection.tls.TestAuthority;
import io.starling.connection.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT over TLS, and what is wrong with it on the wire. */
class TlsListenerIT {
  @RegisterExtension private final TestRegion region = TestRegion.start();
  @TempDir private Path folder;
  private final TestAuthority authority = new TestAuthority("authority");
  private TestAuthority.Issued shown;
  private ConnectionService gateway;

  @BeforeEach
  void start() {
    shown = authority.server("a.example");
    shown.write(folder, "a");
    authority.server("b.example").write(folder, "b");
    gateway = region.gateway("a", config(TestRegion.GUARD));
  }

  private ConnectionConfig config(GuardLimits limits) {
    return TestRegion.config(TestRegion.listen(new TlsConfig(null, null, folder, null)), limits);
  }

  private SSLSocket socket(@Nullable String name) {
    return socket(gateway.mqttTlsPort(), name);
  }

  private SSLSocket socket(int port, @Nullable String name) {
    try {
      var socket =
          (SSLSocket)
              authority
                  .trusting(null)
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      if (name != null) {
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
      }
      return socket;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RawClient connected(SSLSocket socket) {
    var client = RawClient.over(socket, true);
    client.send(client.connect("", TestRegion.DEVICE.toString(), TestRegion.SECRET));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    return client;
  }

  private X509Certificate shownFor(@Nullable String name) {
    try (var socket = socket(name)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void isSpoken(String version) {
    var socket = socket(null);
    socket.setEnabledProtocols(new String[] {version});
    try (var client = connected(socket)) {
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      // More than a record, each way.
      client.send(client.publish0("a", "x".repeat(40_000)), client.ping());
      assertThat(client.read(PINGRESP)).isNotNull();
      region.await(() -> region.relay.events.size() == 1);
      client.sendHex("2003000000");
      assertThat(client.read(DISCONNECT).u8(0)).isEqualTo(0x82);
      // Its end is told inside of TLS: else the client could not know whether it was cut.
      assertThat(client.ends()).isTrue();
    }
    assertThat(region.count("starling.mqtt.handshakes", "result", "done")).isEqualTo(1);
  }

  @Test
  void refusesCiphersWithoutAuthentication() throws IOException {
    try (var socket = socket(null)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
    region.await(() -> region.count("starling.mqtt.handshakes", "result", "failed") == 1);
  }

  @Test
  void showsTheCertificateThatIsAskedFor() {
    assertThat(shownFor("b.example").getSubjectX500Principal().getName()).isEqualTo("CN=b.example");
    assertThat(shownFor("a.example")).isEqualTo(shown.certificate());
    assertThat(shownFor(null)).isEqualTo(shown.certificate());
    assertThat(region.metric("starling.tls.certificate.left")).isBetween(1_800.0, 3_600.0);
  }

  @Test
  void showsANewCertificateWithoutDisturbingWhoIsConnected() {
    try (var client = connected(socket(null))) {
      var next = authority.server("a.example");
      next.write(folder, "a");
      region.await(() -> shownFor(null).equals(next.certificate()));
      client.send(client.ping());
      assertThat(client.read(PINGRESP)).isNotNull();
    }
  }

  @Test
  void neverListensInClearThereNorOpensAPortWithoutCertificate() {
    try (var client = RawClient.open(gateway.mqttTlsPort(), true)) {
      client.send(client.connect("", TestRegion.DEVICE.toString(), TestRegion.SECRET));
      assertThat(client.closes()).isTrue();
    }
    var plain = region.gateway("b");
    assertThat(plain.mqttTlsPort()).isZero();
    assertThat(plain.webSocketTlsPort()).isZero();
  }

  /** The time to CONNECT, two seconds here, includes the handshake. */
  @Test
  void closesWhoDoesNotFinishTheHandshake() {
    int port = gateway.mqttTlsPort();
    try (var silent = RawClient.open(port, true);
        var half = RawClient.open(port, true);
        var mute = RawClient.open(port, true)) {
      half.sendHex("1603010200010001fc0303");
      mute.sendHex(hello());
      assertThat(silent.ends()).isTrue();
      assertThat(half.ends()).isTrue();
      assertThat(mute.closes()).isTrue();
    }
    region.await(() -> region.metric("starling.mqtt.handshakes.now") == 0);
  }

  @Test
  void letsEverybodyInThoughFewMayShakeHandsAtATime() {
    var limits = new GuardLimits(100_000, 100_000, 1, 0, 1_000, 0);
    int port = region.gateway("c", config(limits)).mqttTlsPort();
    var ids = region.devices(12);
    var clients = new ArrayList<CompletableFuture<RawClient>>();
    for (var id : ids) {
      clients.add(
          CompletableFuture.supplyAsync(
              () -> {
                var client = RawClient.over(socket(port, null), true);
                client.send(client.connect("", id.toString(), "s"));
                assertThat(client.read(CONNACK).u8(1)).isZero();
                return client;
              },
              task -> Thread.ofVirtual().start(task)));
    }
    clients.forEach(client -> client.join().close());
  }

  /** One silent, one after half of its hello, and one that has got an answer to all of it. */
  @Test
  void nobodyIsKeptFromAHandshakeByThoseWhoStallTheirs() {
    var limits = new GuardLimits(100_000, 100_000, 1, 0, 1_000, 0);
    int port = region.gateway("c", config(limits)).mqttTlsPort();
    try (var silent = RawClient.open(port, true);
        var half = RawClient.open(port, true);
        var mute = RawClient.open(port, true)) {
      half.sendHex("1603010200010001fc0303");
      mute.sendHex(hello());
      assertThat(mute.isAnswered()).isTrue();
      assertThat(silent.isQuiet()).isTrue();
      connected(socket(port, null)).close();
    }
  }

  /** What a client says first. */
  private String hello() {
    try {
      var engine = authority.trusting(null).createSSLEngine();
      engine.setUseClientMode(true);
      var hello = ByteBuffer.allocate(32 << 10);
      var _ = engine.wrap(ByteBuffer.allocate(0), hello);
      return HexFormat.of().formatHex(hello.array(), 0, hello.position());
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void carriesWebSockets() throws InterruptedException, ExecutionException, TimeoutException {
    var answer = new CompletableFuture<String>();
    try (var http = HttpClient.newBuilder().sslContext(authority.trusting(null)).build()) {
      var socket =
          http.newWebSocketBuilder()
              .subprotocols("mqtt")
              .buildAsync(
                  URI.create("wss://127.0.0.1:" + gateway.webSocketTlsPort() + "/mqtt"),
                  new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onBinary(
                        WebSocket from, ByteBuffer data, boolean last) {
                      byte[] bytes = new byte[data.remaining()];
                      data.get(bytes);
                      answer.complete(HexFormat.of().formatHex(bytes));
                      return null;
                    }
                  })
              .join();
      try (var client = RawClient.open(gateway.mqttPort(), true)) {
        byte[] connect = client.connect("", TestRegion.DEVICE.toString(), TestRegion.SECRET);
        var _ = socket.sendBinary(ByteBuffer.wrap(connect), true).join();
      }
      assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("20");
      socket.abort();
    }
  }
}

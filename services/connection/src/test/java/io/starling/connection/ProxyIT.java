package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.guard.AddressRange;
import io.starling.connection.guard.GuardLimits;
import io.starling.connection.tls.TestAuthority;
import io.starling.connection.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients behind a proxy that speaks the PROXY protocol. */
class ProxyIT {
  private static final String ID = TestRegion.DEVICE.toString();
  private static final byte[] LINE =
      "PROXY TCP4 192.0.2.1 10.0.0.1 50000 1883\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY =
      HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000cc00002020a000001c35022b3");

  @RegisterExtension private final TestRegion region = TestRegion.start();
  @TempDir private Path folder;

  private ConnectionService gateway(String trusted, TlsConfig tls, GuardLimits limits) {
    var listen =
        new ListenConfig("127.0.0.1", 0, 0, 0, 0, tls, List.of(AddressRange.of(trusted)), Set.of());
    return region.gateway("a", TestRegion.config(listen, limits));
  }

  private int port(String trusted) {
    return gateway(trusted, TlsConfig.OFF, TestRegion.GUARD).mqttPort();
  }

  private double accepts(String result) {
    return region.count("starling.mqtt.accepts", "result", result);
  }

  @Test
  void areKnownByTheirOwnAddress() {
    int port = port("127.0.0.0/8");
    try (var client = RawClient.open(port, true)) {
      client.send(LINE, client.connect("", ID, TestRegion.SECRET));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      assertThat(region.onlineSession(ID).address()).isEqualTo("192.0.2.1");
    }
    try (var client = RawClient.open(port, true)) {
      // In pieces.
      for (byte one : BINARY) {
        client.send(new byte[] {one});
      }
      client.send(client.connect("", ID, TestRegion.SECRET));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      region.await(() -> region.onlineSession(ID).address().equals("192.0.2.2"));
    }
  }

  @Test
  void areRefusedIfTheProxyIsNotTrusted() {
    try (var client = RawClient.open(port("192.0.2.0/24"), true)) {
      assertThat(client.isCutOff(LINE)).isTrue();
    }
    assertThat(accepts("not_a_proxy")).isEqualTo(1);
  }

  @Test
  void areRefusedIfTheyComeDirectly() {
    try (var client = RawClient.open(port("127.0.0.1"), true)) {
      assertThat(client.isCutOff(client.connect("", ID, TestRegion.SECRET))).isTrue();
    }
    assertThat(accepts("proxy_header_invalid")).isEqualTo(1);
  }

  @Test
  void areClosedIfNothingSaysWhoTheyAre() {
    try (var client = RawClient.open(port("127.0.0.1"), true)) {
      client.send("PROXY TCP4".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.ends()).isTrue();
    }
  }

  @Test
  void areCountedByTheirOwnAddress() {
    var limits = new GuardLimits(100_000, 100_000, 32, 1, 1_000, 0);
    int port = gateway("127.0.0.1", TlsConfig.OFF, limits).mqttPort();
    try (var first = RawClient.open(port, true);
        var second = RawClient.open(port, true);
        var third = RawClient.open(port, true)) {
      first.send(LINE, first.connect("", ID, TestRegion.SECRET));
      assertThat(first.read(CONNACK).u8(1)).isZero();
      assertThat(second.isCutOff(LINE)).isTrue();
      third.send(BINARY, third.connect("app", "token", TestRegion.TOKEN));
      assertThat(third.read(CONNACK).u8(1)).isZero();
    }
    assertThat(accepts("address_has_too_many")).isEqualTo(1);
    // Whoever goes makes room.
    region.await(
        () -> {
          try (var next = RawClient.open(port, true)) {
            return !next.isCutOff(concat(LINE, next.connect("", ID, TestRegion.SECRET)));
          }
        });
  }

  private static byte[] concat(byte[] one, byte[] two) {
    return io.vertx.core.buffer.Buffer.buffer(one).appendBytes(two).getBytes();
  }

  @Test
  void mayHaveTlsBehindIt() throws IOException {
    var authority = new TestAuthority("authority");
    authority.server("a.example").write(folder, "a");
    var tls = new TlsConfig(null, null, folder, null);
    int port = gateway("127.0.0.1", tls, TestRegion.GUARD).mqttTlsPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(BINARY);
      var secure =
          authority.trusting(null).getSocketFactory().createSocket(socket, "127.0.0.1", port, true);
      try (var client = RawClient.over(secure, true)) {
        client.send(client.connect("", ID, TestRegion.SECRET));
        assertThat(client.read(CONNACK).u8(1)).isZero();
        assertThat(region.onlineSession(ID).address()).isEqualTo("192.0.2.2");
      }
    }
  }
}

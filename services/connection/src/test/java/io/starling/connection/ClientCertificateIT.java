package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.tls.TestAuthority;
import io.starling.connection.tls.TestAuthority.Issued;
import io.starling.connection.tls.TlsConfig;
import io.starling.contract.DeviceId;
import io.starling.directory.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate is an identity: its common name is a device's id. */
class ClientCertificateIT {
  private static final String ID = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();
  @TempDir private Path folder;
  private final TestAuthority authority = new TestAuthority("authority");
  private int port;

  @BeforeEach
  void start() throws IOException {
    authority.server("a.example").write(folder, "a");
    var bundle = folder.resolve("authorities");
    Files.writeString(bundle, new TestAuthority("another").pem() + authority.pem());
    var tls = new TlsConfig(folder.resolve("a.crt"), folder.resolve("a.key"), null, bundle);
    var config = TestRegion.config(TestRegion.listen(tls), TestRegion.GUARD);
    port = region.gateway("a", config).mqttTlsPort();
  }

  private RawClient open(@Nullable Issued shown, boolean v5) {
    try {
      var socket =
          (SSLSocket)
              authority
                  .trusting(shown)
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      return RawClient.over(socket, v5);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RawClient connected(Issued shown, boolean v5) {
    var client = open(shown, v5);
    client.send(client.connect(ID, null, null));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    return client;
  }

  private int answer(
      Issued shown, String clientId, @Nullable String user, @Nullable String password) {
    try (var client = open(shown, true)) {
      client.send(client.connect(clientId, user, password));
      return client.read(CONNACK).u8(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void needsNoPassword(boolean v5) {
    try (var client = connected(authority.client(ID), v5)) {
      assertThat(region.onlineSession(ID).online()).isTrue();
      client.send(client.ping());
      assertThat(client.read(PINGRESP)).isNotNull();
    }
  }

  @Test
  void mayBeMissing() {
    try (var client = open(null, true)) {
      client.send(client.connect("", ID, TestRegion.SECRET));
      assertThat(client.read(CONNACK).u8(1)).isZero();
    }
    try (var client = open(null, true)) {
      client.send(client.connect("", null, null));
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(0x86);
    }
  }

  @Test
  void decidesAgainstWhatIsSaidBeside() {
    var own = authority.client(ID);
    assertThat(answer(own, "", ID, "whatever")).isZero();
    assertThat(answer(own, "", DeviceId.create().toString(), TestRegion.SECRET)).isEqualTo(0x87);
    assertThat(answer(own, "", "token", TestRegion.TOKEN)).isEqualTo(0x87);
    assertThat(answer(own, "another", null, null)).isEqualTo(0x85);
  }

  @Test
  void isRefusedIfItsDeviceIsUnknownOrNobodys() {
    assertThat(answer(authority.client(DeviceId.create().toString()), "", null, null))
        .isEqualTo(0x87);
    assertThat(answer(authority.client("no device"), "", ID, TestRegion.SECRET)).isEqualTo(0x87);
    var orphan = DeviceId.create();
    region.rows.put("device", orphan.toString(), TestRegion.device(orphan, null, "s"));
    region.await(() -> region.directory.device(orphan).isPresent());
    assertThat(answer(authority.client(orphan.toString()), "", null, null)).isEqualTo(0x87);
  }

  @Test
  void isRefusedInTheHandshakeIfExpiredOrOfAnotherAuthority() {
    var expired = authority.client(ID, Instant.now().minusSeconds(5));
    var foreign = new TestAuthority("authority").client(ID);
    for (var bad : new Issued[] {expired, foreign}) {
      try (var client = open(bad, true)) {
        assertThat(client.isCutOff(client.connect("", ID, null))).isTrue();
      }
    }
    region.await(() -> region.count("starling.mqtt.handshakes", "result", "failed") == 2);
    assertThat(region.session(ID)).isEmpty();
  }

  @Test
  void endsWithItsDeviceAndNotWithItsSecret() {
    try (var client = connected(authority.client(ID), true)) {
      region.rows.put(
          "device", ID, TestRegion.device(TestRegion.DEVICE, TestRegion.OWNER, "rotated"));
      var rotated = Secrets.hash("rotated");
      region.await(
          () ->
              region
                  .directory
                  .device(TestRegion.DEVICE)
                  .filter(now -> now.secretHash().equals(rotated))
                  .isPresent());
      client.send(client.ping());
      assertThat(client.read(PINGRESP)).isNotNull();
      region.rows.put("device", ID, null);
      assertThat(client.endsWith(0x87)).isTrue();
    }
  }

  @Test
  void endsWhenItExpires() {
    try (var client = connected(authority.client(ID, Instant.now().plusSeconds(4)), true)) {
      assertThat(client.endsWith(0x87)).isTrue();
    }
  }
}

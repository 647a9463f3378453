package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.tls.TestAuthority;
import io.starling.connection.tls.TestAuthority.Issued;
import io.starling.connection.tls.TlsConfig;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.RegisterDeviceReply;
import io.starling.contract.DevicesReply.RegistrationRefused;
import io.starling.contract.DevicesReply.RegistrationRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.contract.DevicesRequest.RegisterDevice;
import io.starling.contract.JournalPosition;
import io.starling.directory.Authority;
import io.starling.directory.Entry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Authorities of products: what their certificates are worth, and devices that register by them.
 * The region has no authorities in files.
 */
class ProductAuthorityIT {
  private static final String ID = TestRegion.DEVICE.toString();
  private static final int MINE = 7;
  private static final int OTHERS = 8;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  @TempDir private Path folder;
  private final TestAuthority server = new TestAuthority("server");
  private final TestAuthority mine = new TestAuthority("devices");
  private final TestAuthority others = new TestAuthority("devices");
  private final DeviceId stranger = DeviceId.create();
  private final List<RegisterDevice> asked = new CopyOnWriteArrayList<>();
  private volatile RegisterDeviceReply reply =
      new DevicesReply.DeviceRegistered(new JournalPosition(1, 0));
  private int port;

  @BeforeEach
  void start() {
    server.server("a.example").write(folder, "a");
    var tls = new TlsConfig(folder.resolve("a.crt"), folder.resolve("a.key"), null, null);
    var config = TestRegion.config(TestRegion.listen(tls), TestRegion.GUARD);
    port = region.gateway("a", config).mqttTlsPort();
    TestRegion.done(region.bus.serve(DevicesRequest.ADDRESS, DevicesRequest.class, this::answer));
    region.rows.put(
        "product", "8", TestRegion.product(OTHERS).put("owner", TestRegion.OTHER.toString()));
    trust(mine, MINE);
    trust(others, OTHERS);
  }

  private Future<RegisterDeviceReply> answer(DevicesRequest request) {
    asked.add((RegisterDevice) request);
    return Future.succeededFuture(reply);
  }

  private static String fingerprint(TestAuthority authority) {
    return new Authority(authority.certificate()).fingerprint();
  }

  private void trust(TestAuthority authority, int product) {
    var row =
        new JsonObject()
            .put("product", product)
            .put("fingerprint", fingerprint(authority))
            .put("certificate", authority.pem())
            .put("created_at", Instant.now().toString());
    region.rows.put("product_authority", key(authority, product), row);
    region.await(() -> region.directory.authority(product, fingerprint(authority)).isPresent());
  }

  private static String key(TestAuthority authority, int product) {
    return Entry.ProductAuthority.key(product, fingerprint(authority));
  }

  private void distrust(TestAuthority authority, int product) {
    region.rows.put("product_authority", key(authority, product), null);
    region.await(() -> region.directory.authority(product, fingerprint(authority)).isEmpty());
  }

  private void quarantine(int product, AccountId owner) {
    region.rows.put(
        "product",
        Integer.toString(product),
        TestRegion.product(product).put("owner", owner.toString()).put("quarantine", true));
    region.await(
        () -> region.directory.product(product).filter(Entry.Product::quarantine).isPresent());
  }

  /** What the accounts service has made of the stranger. */
  private void put(boolean quarantined, boolean denied) {
    region.rows.put(
        "device",
        stranger.toString(),
        TestRegion.device(stranger, TestRegion.OWNER, "nobody knows")
            .put("quarantined", quarantined)
            .put("denied", denied));
    region.await(
        () ->
            region
                .directory
                .device(stranger)
                .filter(it -> it.quarantined() == quarantined && it.denied() == denied)
                .isPresent());
  }

  private RawClient open(SSLContext context, boolean v5) {
    try {
      var socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      return RawClient.over(socket, v5);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RawClient open(Issued shown, boolean v5) {
    return open(server.trusting(shown), v5);
  }

  private int answer(Issued shown, boolean v5) {
    try (var client = open(shown, v5)) {
      client.send(client.connect("", null, null));
      return client.read(CONNACK).u8(1);
    }
  }

  /** In the handshake. */
  private boolean isCutOff(Issued shown) {
    try (var client = open(shown, true)) {
      return client.isCutOff(client.connect("", null, null));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void letsInTheDevicesOfItsProduct(boolean v5) {
    assertThat(answer(mine.client(ID), v5)).isZero();
    assertThat(answer(mine.below("line 3").client(ID), v5)).isZero();
  }

  @Test
  void speaksForNoDeviceOfAnotherProduct() {
    assertThat(isCutOff(others.client(ID))).isTrue();

    region.rows.put(
        "device",
        ID,
        TestRegion.device(TestRegion.DEVICE, TestRegion.OTHER, "s").put("product", OTHERS));
    region.await(
        () ->
            region
                .directory
                .device(TestRegion.DEVICE)
                .filter(it -> it.product() == OTHERS)
                .isPresent());
    assertThat(isCutOff(mine.client(ID))).isTrue();
    assertThat(answer(others.client(ID), true)).isZero();
  }

  @Test
  void speaksForNobodyButDevicesAndByGoodCertificatesAlone() {
    for (var bad :
        List.of(
            mine.client("no device"),
            mine.client(ID, Instant.now().minusSeconds(5)),
            mine.forServers(ID),
            mine.client(stranger.toString()).signing().client(ID),
            new TestAuthority("devices").client(ID))) {
      assertThat(isCutOff(bad)).isTrue();
    }
    assertThat(region.session(ID)).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void endsWithTheAuthorityAndTakesItsConnectionsAlong() {
    var context = server.trusting(mine.client(ID));
    try (var client = open(context, true)) {
      client.send(client.connect("", null, null));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      distrust(mine, MINE);
      assertThat(client.endsWith(0x87)).isTrue();
    }
    // Over a TLS session that is resumed, maybe.
    try (var again = open(context, true)) {
      assertThat(isLetIn(again)).isFalse();
    }
    trust(mine, MINE);
    assertThat(answer(mine.client(ID), true)).isZero();
  }

  private static boolean isLetIn(RawClient client) {
    try {
      client.send(client.connect("", null, null));
      return client.read(CONNACK).u8(1) == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void aDeviceThatLeavesItsProductIsDisconnected() {
    try (var client = open(mine.client(ID), true)) {
      client.send(client.connect("", null, null));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      region.rows.put(
          "device",
          ID,
          TestRegion.device(TestRegion.DEVICE, TestRegion.OWNER, "s").put("product", null));
      assertThat(client.endsWith(0x87)).isTrue();
    }
  }

  @Test
  void nobodyIsRegisteredWhereThatIsOff() {
    assertThat(isCutOff(mine.client(stranger.toString()))).isTrue();
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUnknownDeviceIsRegisteredOnceAndConnectsWhenItIsApproved(boolean v5) {
    quarantine(MINE, TestRegion.OWNER);
    var shown = mine.client(stranger.toString());
    int refused = v5 ? 0x87 : 5;
    assertThat(answer(shown, v5)).isEqualTo(refused);
    assertThat(asked).containsExactly(new RegisterDevice(stranger, MINE, fingerprint(mine)));
    assertThat(region.count("starling.mqtt.registrations", "result", "registered")).isOne();

    put(true, false);
    assertThat(answer(shown, v5)).isEqualTo(refused);
    put(true, true);
    assertThat(answer(shown, v5)).isEqualTo(refused);
    assertThat(asked).hasSize(1);

    put(false, false);
    try (var client = open(shown, v5)) {
      client.send(client.connect("", null, null));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      client.send(client.ping());
      assertThat(client.read(PINGRESP)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUnknownDeviceIsToldToTryAgainWhileNothingCanBeWritten(boolean v5) {
    quarantine(MINE, TestRegion.OWNER);
    reply = new AccountsReply.DatabaseDown(5);
    assertThat(answer(mine.client(stranger.toString()), v5)).isEqualTo(v5 ? 0x88 : 3);
    reply = new RegistrationRefused(Reason.QUARANTINE_FULL);
    assertThat(answer(mine.client(stranger.toString()), v5)).isEqualTo(v5 ? 0x97 : 3);
  }

  @Test
  void anUnknownDeviceThatTwoProductsCouldClaimIsNobodys() {
    quarantine(MINE, TestRegion.OWNER);
    quarantine(OTHERS, TestRegion.OTHER);
    assertThat(answer(mine.client(stranger.toString()), true)).isEqualTo(0x87);
    assertThat(asked).hasSize(1);
    trust(mine, OTHERS);
    assertThat(isCutOff(mine.client(stranger.toString()))).isTrue();
    assertThat(asked).hasSize(1);
  }

  @Test
  void aDeviceInQuarantineIsNotLetInByItsSecretEither() {
    put(true, false);
    try (var client = open(server.trusting(null), true)) {
      client.send(client.connect("", stranger.toString(), "nobody knows"));
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(0x87);
    }
  }
}

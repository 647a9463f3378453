package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.TestRegion.done;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.Node;
import io.starling.connection.tls.TlsConfig;
import io.starling.contract.DeviceId;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several instances behind one port: each a gateway of its own. */
class InstancesIT {
  @RegisterExtension private final TestRegion region = TestRegion.start();
  private Node node;
  private ConnectionConfig config;

  @BeforeEach
  void start() throws IOException {
    node = region.node("n");
    config =
        TestRegion.config(
            new ListenConfig(
                "127.0.0.1", freePort(), freePort(), 0, 0, TlsConfig.OFF, List.of(), Set.of()),
            TestRegion.GUARD);
    for (int instance = 0; instance < 2; instance++) {
      done(
          region.vertx.deployVerticle(
              new ConnectionService(node, region.directory, config, instance, region.traces)));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private int sessions(int instance) {
    var part = requireNonNull(node.health().look().get("connection-" + instance));
    return requireNonNull(part.figures().get("sessions")).intValue();
  }

  @Test
  void shareThePortAndTheConnections() {
    var ids = IntStream.range(0, 8).mapToObj(_ -> DeviceId.create()).toList();
    ids.forEach(
        id ->
            region.rows.put("device", id.toString(), TestRegion.device(id, TestRegion.OWNER, "s")));
    region.await(() -> region.directory.device(ids.getLast()).isPresent());
    var clients = new ArrayList<RawClient>();
    for (var id : ids) {
      clients.add(RawClient.connected(config.mqttPort(), true, id.toString(), "s"));
    }
    for (var client : clients) {
      client.send(client.publish(1, "a", "x"));
      assertThat(client.read(PUBACK).u16(0)).isEqualTo(1);
    }
    assertThat(sessions(0)).isEqualTo(4);
    assertThat(sessions(1)).isEqualTo(4);
    clients.forEach(RawClient::close);
    region.await(() -> sessions(0) + sessions(1) == 0);
  }

  @Test
  void takeOverFromEachOther() {
    try (var old = RawClient.device(config.mqttPort(), true)) {
      region.await(() -> region.session(TestRegion.DEVICE.toString()).isPresent());
      try (var young = RawClient.device(config.mqttPort(), true)) {
        assertThat(old.endsWith(0x8e)).isTrue();
        assertThat(young.isQuiet()).isTrue();
        assertThat(sessions(0) + sessions(1)).isEqualTo(1);
      }
    }
  }
}

package io.starling.testing.client;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.testing.TestBroker;
import io.starling.testing.server.TestKeys;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import io.vertx.mqtt.MqttServerOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private TestBroker broker;

  @BeforeEach
  void open() {
    var keys = TestKeys.make(folder, "localhost");
    var options = new MqttServerOptions().setPort(0).setSsl(true);
    options.setKeyCertOptions(
        new PfxOptions().setPath(keys.file().toString()).setPassword(keys.password()));
    broker = get(TestBroker.open(vertx, options));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void speaksTlsToAServerThatItIsToldToTrust() {
    var device = device(Target.parse("mqtts://127.0.0.1:" + broker.port()).trustingAll());
    done(device.connect());
    assertThat(get(device.publish("t", Buffer.buffer("x"), 1)).isAccepted()).isTrue();
  }

  @Test
  void refusesAServerThatNobodyVouchesFor() {
    var device = device(Target.parse("mqtts://127.0.0.1:" + broker.port()));
    assertThatThrownBy(() -> done(device.connect())).hasStackTraceContaining("certificat");
  }

  private VirtualDevice device(Target target) {
    return VirtualDevice.create(vertx, DeviceOptions.of(target, new Credentials("d", "s")));
  }
}

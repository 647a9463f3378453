package io.starling.testing.client;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.testing.TestBroker;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import io.vertx.mqtt.MqttServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private TestBroker broker;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    var options = new MqttServerOptions().setPort(0).setSsl(true);
    options.setKeyCertOptions(
        new PfxOptions().setPath(selfSigned().toString()).setPassword("secret"));
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

  private Path selfSigned() throws IOException, InterruptedException {
    var file = folder.resolve("keys.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-alias",
                "k",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return file;
  }
}

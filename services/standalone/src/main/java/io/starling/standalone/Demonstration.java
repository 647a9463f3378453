package io.starling.standalone;

import io.starling.bootstrap.Node;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.DeviceChange;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Directory;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An account, a product and a device to try, made by the first start on a data folder. Passwords
 * are random; they are printed once and kept in {@code demo.env}, which only its owner may read.
 */
final class Demonstration {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(3);
  private static final Duration TRY_FOR = Duration.ofSeconds(10);
  private static final long AGAIN_MILLIS = 100;
  private static final String EMAIL = "demo@starling.example";

  private final Node node;
  private final Directory directory;
  private final Path file;
  private final String host;
  private final int apiPort;
  private final int mqttPort;

  Demonstration(Node node, Directory directory, StandaloneConfig config) {
    this.node = node;
    this.directory = directory;
    this.file = config.data().resolve("demo.env");
    // What listens at every address is found at this one.
    this.host = config.host().equals("0.0.0.0") ? "127.0.0.1" : config.host();
    this.apiPort = config.api().port();
    this.mqttPort = config.connection().mqttPort();
  }

  private record Made(AccountId account, String password) {}

  /** Whether this data folder has not had its demonstration yet. */
  boolean isMissing() {
    return !Files.exists(file) && directory.accountByEmail(EMAIL).isEmpty();
  }

  /** Makes it; completes with what {@code demo.env} says. */
  Future<Map<String, String>> make() {
    long deadline = System.nanoTime() + TRY_FOR.toNanos();
    return signUp(deadline)
        .compose(
            made ->
                ask(
                        new ProductsRequest.CreateProduct(
                            made.account(), "Demonstration", "Made by the first start", 0),
                        ProductsReply.ProductCreated.class)
                    .compose(
                        product ->
                            device(made, product.product())
                                .map(device -> write(made, product.product(), device))));
  }

  private Future<Made> signUp(long deadline) {
    String password = Secrets.newToken().substring(0, 20);
    return node.bus()
        .ask(new PeopleRequest.SignUp(EMAIL, password, "{}"), ASK_LIMIT)
        .compose(
            reply ->
                switch (reply) {
                  case PeopleReply.SignedUp signedUp ->
                      Future.succeededFuture(new Made(signedUp.account(), password));
                  // The schema may still be on its way.
                  case PeopleReply.DatabaseDown _ when System.nanoTime() < deadline ->
                      node.vertx().timer(AGAIN_MILLIS).compose(fired -> signUp(deadline));
                  default -> Future.failedFuture("no demonstration could be made: " + reply);
                });
  }

  private Future<DevicesReply.NewDevice> device(Made made, int product) {
    return ask(
            new DevicesRequest.CreateDevices(made.account(), product, 1),
            DevicesReply.DevicesCreated.class)
        .compose(
            created -> {
              var device = created.devices().getFirst();
              return ask(
                      new DevicesRequest.EditDevice(
                          made.account(), 0, device.id(), DeviceChange.named("demo-device")),
                      DevicesReply.Edited.class)
                  .map(device);
            });
  }

  private <
          R extends BusMessage,
          Q extends io.starling.contract.Request<? extends BusMessage>,
          T extends R>
      Future<T> ask(Q request, Class<T> expected) {
    return node.bus()
        .ask(cast(request), ASK_LIMIT)
        .compose(
            reply ->
                expected.isInstance(reply)
                    ? Future.succeededFuture(expected.cast(reply))
                    : Future.failedFuture("no demonstration could be made: " + reply));
  }

  @SuppressWarnings("unchecked")
  private static io.starling.contract.Request<BusMessage> cast(
      io.starling.contract.Request<? extends BusMessage> request) {
    return (io.starling.contract.Request<BusMessage>) request;
  }

  private Map<String, String> write(Made made, int product, DevicesReply.NewDevice device) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("API_URL", "http://" + host + ":" + apiPort);
    lines.put("MQTT_URL", "mqtt://" + host + ":" + mqttPort);
    lines.put("ACCOUNT_EMAIL", EMAIL);
    lines.put("ACCOUNT_PASSWORD", made.password());
    lines.put("PRODUCT_ID", Integer.toString(product));
    lines.put("DEVICE_ID", device.id().toString());
    lines.put("DEVICE_SECRET", device.secret());
    var text = new StringBuilder();
    lines.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    try {
      var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      Path temporary = file.resolveSibling("demo.env.new");
      Files.deleteIfExists(temporary);
      Files.createFile(temporary, mine);
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("demo.env could not be written", e);
    }
    return lines;
  }
}

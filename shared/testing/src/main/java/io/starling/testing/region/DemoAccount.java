package io.starling.testing.region;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An account, a product and a device to try a region with, made over its API, and {@code demo.env}
 * (mode 600), which tells them. A database that is just starting is waited for; each attempt is an
 * account of its own, so that one half made is in nobody's way.
 */
final class DemoAccount {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(40);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Path file;
  private final RegionNode node;

  DemoAccount(Path folder, RegionNode node) {
    this.file = folder.resolve("demo.env");
    this.node = node;
  }

  /** Makes it, unless it is there. */
  void make() {
    if (Files.exists(file)) {
      return;
    }
    var deadline = System.nanoTime() + LIMIT.toNanos();
    var vertx = Vertx.vertx();
    try {
      while (true) {
        try {
          write(Await.get(attempt(vertx), ATTEMPT_LIMIT));
          return;
        } catch (IllegalStateException e) {
          if (System.nanoTime() - deadline > 0) {
            throw new IllegalStateException("no account could be made: " + e.getMessage(), e);
          }
          LockSupport.parkNanos(AGAIN_NANOS);
        }
      }
    } finally {
      Await.done(vertx.close());
    }
  }

  private Future<String> attempt(Vertx vertx) {
    var email = "demo-" + random(4) + "@starling.example";
    var password = random(12);
    return CloudApi.signUp(vertx, node.apiUrl(), email, password)
        .compose(_ -> CloudApi.logIn(vertx, node.apiUrl(), email, password))
        .compose(api -> furnish(api, email, password).eventually(api::close));
  }

  private Future<String> furnish(CloudApi api, String email, String password) {
    return api.createProduct("Demonstration")
        .compose(
            product ->
                api.createDevices(product, 1)
                    .map(
                        devices ->
                            """
                            API_URL=%s
                            MQTT_URL=%s
                            ACCOUNT_EMAIL=%s
                            ACCOUNT_PASSWORD=%s
                            PRODUCT_ID=%s
                            DEVICE_ID=%s
                            DEVICE_SECRET=%s
                            """
                                .formatted(
                                    node.apiUrl(),
                                    node.mqttUrl(),
                                    email,
                                    password,
                                    product,
                                    devices.getFirst().id(),
                                    devices.getFirst().secret())));
  }

  private void write(String text) {
    try {
      var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var next = file.resolveSibling("demo.env.new");
      Files.deleteIfExists(next);
      Files.createFile(next, mine);
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalStateException(file + " could not be written: " + e.getMessage(), e);
    }
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}

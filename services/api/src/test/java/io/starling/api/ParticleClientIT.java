package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Particle's own client, unmodified, against the edge. */
class ParticleClientIT {
  private static final int NO_NPM = 3;

  /**
   * How a program ended.
   *
   * @param out what it printed
   */
  private record Ended(int status, String out) {}

  @Test
  void worksUnmodified() {
    var modules = run(List.of(root().resolve("scripts/npm-clients").toString()));
    if (modules.status() == NO_NPM) {
      fail(modules.out());
    }
    assertThat(modules.status()).as(modules.out()).isZero();
    try (var region = Region.start()) {
      var client =
          run(
              List.of(
                  "node",
                  "src/test/js/particle-client.mjs",
                  modules.out().lines().toList().getLast(),
                  region.url(""),
                  Region.EMAIL,
                  Region.PASSWORD,
                  region.online.toString(),
                  Integer.toString(Region.PRODUCT)));

      assertThat(client.status()).as(client.out()).isZero();
      assertThat(client.out().lines())
          .hasSizeGreaterThan(12)
          .allMatch(line -> line.startsWith("ok "));
    }
  }

  private static Path root() {
    return Path.of("").toAbsolutePath().resolve("../..").normalize();
  }

  private static Ended run(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command).directory(new File(".")).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), out.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

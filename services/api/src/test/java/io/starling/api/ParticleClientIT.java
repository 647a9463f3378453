package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Particle's own client, unmodified, against the edge. */
class ParticleClientIT {

  @Test
  void worksUnmodified() {
    String modules = NpmClients.folder().toString();
    try (var region = Region.start()) {
      var program =
          List.of(
              "node",
              "src/test/js/particle-client.mjs",
              modules,
              region.url(""),
              Region.EMAIL,
              Region.PASSWORD,
              region.online.toString(),
              Integer.toString(Region.PRODUCT));
      var client = NpmClients.ended(NpmClients.started(new ProcessBuilder(program)));

      assertThat(client.status()).as(client.out()).isZero();
      assertThat(client.out().lines())
          .hasSizeGreaterThan(12)
          .allMatch(line -> line.startsWith("ok "));
    }
  }
}

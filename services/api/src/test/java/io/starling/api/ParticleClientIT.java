package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that others wrote, unmodified, against the edge. */
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

  @Test
  void isAnAuthorizationServerToAClientThatHoldsServersToTheStandards() {
    String modules = NpmClients.folder().toString();
    try (var region = Region.start()) {
      String back = "https://app.example/back";
      region.rows.client("app-1", region.person, 0, "App", FakePeople.SECRET);
      region.rows.redirect("app-1", "web", back);
      Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
      var program =
          List.of(
              "node",
              "src/test/js/oauth-client.mjs",
              modules,
              region.url(""),
              "app-1",
              FakePeople.SECRET,
              back,
              Region.EMAIL,
              Region.PASSWORD);
      var client = NpmClients.ended(NpmClients.started(new ProcessBuilder(program)));

      assertThat(client.status()).as(client.out()).isZero();
      assertThat(client.out().lines()).hasSize(7).allMatch(line -> line.startsWith("ok "));
    }
  }
}

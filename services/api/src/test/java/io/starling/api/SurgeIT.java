package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurgeIT {
  private static void hold(Region region, Promise<GatewayReply> reply) {
    Region.done(region.bus.serve("gateway.slow", GatewayRequest.class, _ -> reply.future()));
    Region.done(
        region.sessions.put(
            region.offline.toString(), new SessionEntry("slow", 9, true, 0, "192.0.2.8")));
  }

  @Test
  void oneAccountKeepsNobodyElseOut() {
    try (var region = Region.start(Map.of("STARLING_API_MAX_REQUESTS", "8"))) {
      Promise<GatewayReply> reply = Promise.promise();
      hold(region, reply);
      var first = region.call("POST", "/v1/devices/attic/f").sendAsync();
      var second = region.call("POST", "/v1/devices/attic/f").sendAsync();
      await()
          .untilAsserted(
              () -> {
                var third = region.call("GET", "/v1/user").send();
                assertThat(third.status()).isEqualTo(429);
                assertThat(third.header("Retry-After")).hasValue("1");
              });

      assertThat(
              region
                  .anonymous("GET", "/v1/user")
                  .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
                  .send()
                  .status())
          .isEqualTo(200);

      reply.complete(new GatewayReply.Returned(1));
      assertThat(first.join().status()).isEqualTo(200);
      assertThat(second.join().status()).isEqualTo(200);
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesWhatIsTooMuchAltogether() {
    try (var region = Region.start(Map.of("STARLING_API_MAX_REQUESTS", "1"))) {
      Promise<GatewayReply> reply = Promise.promise();
      hold(region, reply);
      var first = region.call("POST", "/v1/devices/attic/f").sendAsync();

      await()
          .untilAsserted(
              () -> {
                var more = region.anonymous("DELETE", "/v1/access_tokens/x").send();
                assertThat(more.status()).isEqualTo(503);
                assertThat(more.header("Retry-After")).hasValue("1");
              });

      reply.complete(new GatewayReply.Returned(1));
      assertThat(first.join().status()).isEqualTo(200);
    }
  }

  @Test
  void waitsForABodyOnlySoLong() {
    try (var region = Region.start(Map.of("STARLING_API_BODY_TIMEOUT", "300ms"))) {
      var reply =
          RawHttp.send(
              region,
              "POST /v1/devices/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                  + Region.TOKEN
                  + "\r\nContent-Length: 100\r\n\r\n{",
              4_000);

      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.closed()).isTrue();
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
    }
  }

  @Test
  void countsAnAccountsStreamsOverAllInstances() {
    try (var region = Region.start(Map.of("STARLING_API_MAX_STREAMS", "4"), 2)) {
      var open = new ArrayList<Listener>();
      for (int i = 0; i < 12; i++) {
        open.add(Listener.open(region, "/v1/devices/events"));
      }

      assertThat(open.stream().filter(listener -> listener.status() == 200)).hasSize(4);
      assertThat(open.stream().filter(listener -> listener.status() == 429)).hasSize(8);
      // Connections are dealt to the instances in turn: both have some.
      assertThat(region.relay.interests).containsOnlyKeys("api-n1-0", "api-n1-1");
      open.forEach(Listener::close);
    }
  }

  @Test
  void survivesClientsThatLeaveAtAnyMoment() throws IOException {
    try (var region = Region.start(Map.of("STARLING_API_KEEP_ALIVE", "100ms"))) {
      for (int i = 0; i < 200; i++) {
        RawHttp.leave(
            region,
            "GET /v1/devices/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + Region.TOKEN
                + "\r\n\r\n");
        RawHttp.leave(
            region, "POST /v1/devices/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");
      }

      await()
          .atMost(Duration.ofSeconds(30))
          .during(Duration.ofSeconds(2))
          .untilAsserted(
              () -> {
                var health = region.health.look().entrySet().iterator().next().getValue();
                assertThat(health.figures())
                    .containsEntry("streams", 0)
                    .containsEntry("requests_under_way", 0);
                assertThat(region.relay.interests.get("api-n1-0")).isEmpty();
              });
      assertThat(Listener.open(region, "/v1/devices/events").status()).isEqualTo(200);
    }
  }
}

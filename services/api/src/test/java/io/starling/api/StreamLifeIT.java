package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams begin, go on and end. */
class StreamLifeIT {
  @RegisterExtension private final Region region = Region.forStreams();

  @Test
  void beginsAtOnce() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      assertThat(listener.head())
          .startsWith("HTTP/1.1 200 OK")
          .containsIgnoringCase("content-type: text/event-stream; charset=utf-8")
          .containsIgnoringCase("cache-control: no-cache");
      assertThat(listener.next()).isEqualTo(":ok\n\n");
    }
  }

  @Test
  void sendsNewlinesWhileNothingHappens() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      assertThat(listener.next()).isEqualTo(":ok\n\n");
      for (int i = 0; i < 4; i++) {
        assertThat(listener.next()).isEqualTo("\n");
      }
    }
  }

  @Test
  void dropsAReaderWhoIsTooSlowAndNobodyElse() {
    try (var deaf = Listener.deaf(region, "/v1/devices/events");
        var listener = Listener.open(region, "/v1/devices/events")) {
      assertThat(deaf.status()).isEqualTo(200);
      String data = "x".repeat(16_000);
      // In portions that one of them takes before the next comes.
      for (int portion = 0; portion < 100; portion++) {
        for (int i = 0; i < 10; i++) {
          region.show(region.online, "flood", data);
        }
        assertThat(listener.events(10)).hasSize(10);
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(region.meters.get("starling.api.streams.dropped").counter().count())
                      .isEqualTo(1));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(region.meters.get("starling.api.streams").gauge().value())
                      .isEqualTo(1));
    }
  }

  @Test
  void boundsTheStreamsOfAnAccount() {
    var open = new ArrayList<Listener>();
    try {
      for (int i = 0; i < 5; i++) {
        open.add(Listener.open(region, "/v1/devices/events"));
        assertThat(open.getLast().status()).isEqualTo(200);
      }
      var refused = region.call("GET", "/v1/devices/events").send();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isPresent();
      assertThat(refused.json().getBoolean("ok")).isFalse();

      open.removeLast().close();

      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () -> {
                var again = Listener.open(region, "/v1/devices/events");
                open.add(again);
                assertThat(again.status()).isEqualTo(200);
              });
    } finally {
      open.forEach(Listener::close);
    }
  }

  @Test
  void endsTheStreamsOfATokenThatIsRevoked() {
    String token = "5".repeat(40);
    region.rows.token(region.person, token, null);
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    try (var listener = Listener.open(region, "/v1/devices/events", token);
        var other = Listener.open(region, "/v1/devices/events")) {
      assertThat(region.anonymous("DELETE", "/v1/access_tokens/" + token).send().status())
          .isEqualTo(200);

      await().atMost(Duration.ofSeconds(5)).until(listener::ended);
      assertThat(other.ended()).isFalse();
    }
  }

  @Test
  void tellsTheRelaysWhatItNoLongerWants() {
    try (var _ = Listener.open(region, "/v1/devices/events/x")) {
      assertThat(region.relay.interests.get("api-n1-0")).hasSize(1);
    }

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(region.relay.interests.get("api-n1-0")).isEmpty());
  }

  @Test
  void goesOnWhereItsReaderWas() {
    String last;
    try (var listener = Listener.open(region, "/v1/devices/events/t")) {
      await().until(() -> !listener.lastId().isEmpty());
      String before = listener.lastId();
      region.show(region.online, "temp", "1");
      assertThat(Listener.data(listener.events(1).getFirst()).getString("data")).isEqualTo("1");
      await().until(() -> !listener.lastId().equals(before));
      last = listener.lastId();
    }
    region.show(region.online, "temp", "2");
    region.show(region.online, "other", "not asked for");
    region.show(region.online, "temp", "3");

    try (var again = Listener.resume(region, "/v1/devices/events/t", last)) {
      assertThat(again.events(2))
          .extracting(each -> Listener.data(each).getString("data"))
          .containsExactly("2", "3");
      region.show(region.online, "temp", "4");
      assertThat(Listener.data(again.events(1).getFirst()).getString("data")).isEqualTo("4");
    }
  }

  @Test
  void goesOnThroughALongAbsenceAsFastAsItsReaderTakesIt() {
    String last;
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      await().until(() -> !listener.lastId().isEmpty());
      last = listener.lastId();
    }
    String padding = "x".repeat(4_000);
    for (int i = 0; i < 300; i++) {
      region.show(region.online, "n", i + padding);
    }

    try (var again = Listener.resume(region, "/v1/devices/events", last)) {
      var seen = again.events(300);
      for (int i = 0; i < 300; i++) {
        assertThat(Listener.data(seen.get(i)).getString("data")).isEqualTo(i + padding);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"42", "1.0-2.0", "1.0-2.0-3.0-4.0", "a.0-b.0-(", "1.0--2.0"})
  void beginsAnewForAnIdThatIsNotOfItsRegion(String id) {
    region.show(region.online, "temp", "before");
    try (var listener = Listener.resume(region, "/v1/devices/events", id)) {
      assertThat(listener.next()).isEqualTo(":ok\n\n");
      region.show(region.online, "temp", "after");
      assertThat(Listener.data(listener.events(1).getFirst()).getString("data")).isEqualTo("after");
    }
  }

  @Test
  void refusesBeforeItBegins() {
    assertThat(region.anonymous("GET", "/v1/devices/events").send().status()).isEqualTo(400);
    assertThat(region.anonymous("GET", "/v1/devices/events?access_token=wrong").send().status())
        .isEqualTo(401);
    assertThat(region.call("GET", "/v1/products/nope/events").send().status()).isEqualTo(404);
    assertThat(region.call("GET", "/v1/events").send().status()).isEqualTo(400);
    assertThat(region.call("GET", "/v1/events/").send().status()).isEqualTo(400);
  }

  @Test
  void endsWithinTwoSecondsWhenTheServiceStops() {
    try (var deaf = Listener.deaf(region, "/v1/devices/events");
        var listener = Listener.open(region, "/v1/devices/events")) {
      assertThat(deaf.status()).isEqualTo(200);
      long began = System.nanoTime();

      Region.done(region.stopApi());

      // Two seconds, and as much again for a busy machine.
      assertThat(System.nanoTime() - began).isLessThan(4_000_000_000L);
      await().atMost(Duration.ofSeconds(5)).until(listener::ended);
    }
  }
}

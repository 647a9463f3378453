package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsIT {
  private static final long AT = 1_767_323_045_678L;
  private Region region;
  private long sequence;

  @BeforeEach
  void start() {
    region =
        Region.start(
            Map.of(
                "STARLING_API_KEEP_ALIVE", "300ms",
                "STARLING_API_MAX_STREAMS", "5",
                "STARLING_API_STREAM_BUFFER", "256KiB"));
  }

  @AfterEach
  void stop() {
    region.close();
  }

  private Event event(DeviceId device, int product, String name, Buffer data) {
    return new Event(
        new EventId(device, 1, ++sequence),
        Origin.DEVICE,
        region.person,
        product,
        name,
        data,
        EventClass.NORMAL,
        AT);
  }

  private void show(DeviceId device, String name, String data) {
    region.relay.show(List.of(event(device, Region.PRODUCT, name, Buffer.buffer(data))));
  }

  private static JsonObject data(String event) {
    String line = event.lines().filter(each -> each.startsWith("data: ")).findFirst().orElseThrow();
    return new JsonObject(line.substring(6));
  }

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
  void showsAnEventWordByWord() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      show(region.online, "temp", "25.34");

      assertThat(listener.events(1).getFirst())
          .isEqualTo(
              "event: temp\n"
                  + "data: {\"data\":\"25.34\",\"ttl\":60,"
                  + "\"published_at\":\"2026-01-02T03:04:05.678Z\","
                  + "\"coreid\":\"0123456789abcdef01234567\"}\n\n");
    }
  }

  @Test
  void showsWhatAProductAdds() {
    try (var listener = Listener.open(region, "/v1/products/thermo/events")) {
      show(region.online, "temp", "1");

      assertThat(listener.events(1).getFirst())
          .isEqualTo(
              "event: temp\n"
                  + "data: {\"data\":\"1\",\"ttl\":60,"
                  + "\"published_at\":\"2026-01-02T03:04:05.678Z\","
                  + "\"coreid\":\"0123456789abcdef01234567\",\"userid\":\""
                  + region.person
                  + "\",\"version\":null,\"public\":false,\"productID\":77}\n\n");
    }
  }

  @Test
  void showsWhatAppsPublish() {
    try (var listener = Listener.open(region, "/v1/events/from")) {
      assertThat(region.call("POST", "/v1/devices/events").form("name=from/app").status())
          .isEqualTo(200);

      var event = data(listener.events(1).getFirst());
      assertThat(event.getString("coreid")).isEqualTo("api");
      assertThat(event.containsKey("data")).isTrue();
      assertThat(event.getValue("data")).isNull();
    }
  }

  @Test
  void writesEachEventAtOnceAndInAscii() {
    String text = "Grüße \uD83D\uDC26 \"q\" \\ \n\t\u0001";
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      show(region.online, "temp", text);

      String event = listener.events(1).getFirst();
      assertThat(event).endsWith("}\n\n");
      assertThat(event.chars()).allMatch(c -> c < 128);
      assertThat(data(event).getString("data")).isEqualTo(text);
    }
  }

  @Test
  void keepsTheOrder() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      var events = new ArrayList<Event>();
      for (int i = 0; i < 500; i++) {
        events.add(event(region.online, 0, "n", Buffer.buffer(Integer.toString(i))));
      }
      region.relay.show(events.subList(0, 250));
      region.relay.show(events.subList(250, 500));

      var seen = listener.events(500).stream().map(each -> data(each).getString("data")).toList();
      assertThat(seen)
          .containsExactlyElementsOf(events.stream().map(each -> each.data().toString()).toList());
    }
  }

  @Test
  void showsBytesThatAreNoTextAsADataUrl() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      region.relay.show(
          List.of(event(region.online, 0, "b", Buffer.buffer(new byte[] {(byte) 0xff, 0, 1}))));

      assertThat(data(listener.events(1).getFirst()).getString("data"))
          .isEqualTo("data:application/octet-stream;base64,/wAB");
    }
  }

  @Test
  void letsNoNameBreakTheStream() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      show(region.online, "a\ndata: {}\r\n\nb", "1");

      assertThat(listener.events(1).getFirst()).startsWith("event: a data: {}   b\ndata: {\"");
    }
  }

  @Test
  void showsOnlyWhatThePathAsksFor() {
    try (var prefix = Listener.open(region, "/v1/devices/events/a%2Fb");
        var rest = Listener.open(region, "/v1/devices/events/a/b?nonce=0.1");
        var device = Listener.open(region, "/v1/devices/attic/events");
        var both = Listener.open(region, "/v1/products/77/devices/attic/events/z");
        var other = Listener.open(region, "/v1/devices/events", Region.OTHER_TOKEN)) {
      show(region.online, "a/b/c", "1");
      show(region.offline, "A/b", "2");
      show(region.offline, "zoo", "3");
      show(region.online, "zoo", "4");
      show(region.online, "a/b", "end");
      show(region.offline, "zend", "end");

      assertThat(prefix.events(2))
          .extracting(each -> data(each).getString("data"))
          .containsExactly("1", "end");
      assertThat(rest.events(2))
          .extracting(each -> data(each).getString("data"))
          .containsExactly("1", "end");
      assertThat(device.events(3))
          .extracting(each -> data(each).getString("data"))
          .containsExactly("2", "3", "end");
      assertThat(both.events(2))
          .extracting(each -> data(each).getString("data"))
          .containsExactly("3", "end");
      assertThat(other.next()).isEqualTo(":ok\n\n");
      assertThat(other.next()).isEqualTo("\n");
    }
  }

  @Test
  void productStreamsShowTheEventsOfTheProductOnly() {
    try (var listener = Listener.open(region, "/v1/products/77/events")) {
      region.relay.show(
          List.of(
              event(region.online, 0, "a", Buffer.buffer("1")),
              event(region.online, 77, "a", Buffer.buffer("2"))));

      assertThat(data(listener.events(1).getFirst()).getString("data")).isEqualTo("2");
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
          show(region.online, "flood", data);
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
  void showsTheLargestEventToAReaderWhoKeepsUp() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      show(region.online, "large", "\u0001".repeat(Event.MAX_DATA_BYTES));

      assertThat(data(listener.events(1).getFirst()).getString("data"))
          .hasSize(Event.MAX_DATA_BYTES);
    }
  }

  @Test
  void showsTheLargestEventThatComesRightBehindASmallOne() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      var largest = Buffer.buffer("\u0001".repeat(Event.MAX_DATA_BYTES));
      region.relay.show(
          List.of(
              event(region.online, Region.PRODUCT, "small", Buffer.buffer("1")),
              event(region.online, Region.PRODUCT, "large", largest)));

      assertThat(data(listener.events(2).getLast()).getString("data"))
          .hasSize(Event.MAX_DATA_BYTES);
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
      show(region.online, "temp", "1");
      assertThat(data(listener.events(1).getFirst()).getString("data")).isEqualTo("1");
      await().until(() -> !listener.lastId().equals(before));
      last = listener.lastId();
    }
    show(region.online, "temp", "2");
    show(region.online, "other", "not asked for");
    show(region.online, "temp", "3");

    try (var again = Listener.resume(region, "/v1/devices/events/t", last)) {
      assertThat(again.events(2))
          .extracting(each -> data(each).getString("data"))
          .containsExactly("2", "3");
      show(region.online, "temp", "4");
      assertThat(data(again.events(1).getFirst()).getString("data")).isEqualTo("4");
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
      show(region.online, "n", i + padding);
    }

    try (var again = Listener.resume(region, "/v1/devices/events", last)) {
      var seen = again.events(300);
      for (int i = 0; i < 300; i++) {
        assertThat(data(seen.get(i)).getString("data")).isEqualTo(i + padding);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"42", "1.0-2.0", "1.0-2.0-3.0-4.0", "a.0-b.0-(", "1.0--2.0"})
  void beginsAnewForAnIdThatIsNotOfItsRegion(String id) {
    show(region.online, "temp", "before");
    try (var listener = Listener.resume(region, "/v1/devices/events", id)) {
      assertThat(listener.next()).isEqualTo(":ok\n\n");
      show(region.online, "temp", "after");
      assertThat(data(listener.events(1).getFirst()).getString("data")).isEqualTo("after");
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

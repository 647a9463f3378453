package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.Event;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What streams show. */
class StreamsIT {
  @RegisterExtension private final Region region = Region.forStreams();

  @Test
  void showsAnEventWordByWord() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      region.show(region.online, "temp", "25.34");

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
      region.show(region.online, "temp", "1");

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

      var event = Listener.data(listener.events(1).getFirst());
      assertThat(event.getString("coreid")).isEqualTo("api");
      assertThat(event.containsKey("data")).isTrue();
      assertThat(event.getValue("data")).isNull();
    }
  }

  @Test
  void writesEachEventAtOnceAndInAscii() {
    String text = "Grüße \uD83D\uDC26 \"q\" \\ \n\t\u0001";
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      region.show(region.online, "temp", text);

      String event = listener.events(1).getFirst();
      assertThat(event).endsWith("}\n\n");
      assertThat(event.chars()).allMatch(c -> c < 128);
      assertThat(Listener.data(event).getString("data")).isEqualTo(text);
    }
  }

  @Test
  void keepsTheOrder() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      var events = new ArrayList<Event>();
      for (int i = 0; i < 500; i++) {
        events.add(region.event(region.online, 0, "n", Buffer.buffer(Integer.toString(i))));
      }
      region.relay.show(events.subList(0, 250));
      region.relay.show(events.subList(250, 500));

      var seen =
          listener.events(500).stream().map(each -> Listener.data(each).getString("data")).toList();
      assertThat(seen)
          .containsExactlyElementsOf(events.stream().map(each -> each.data().toString()).toList());
    }
  }

  @Test
  void showsBytesThatAreNoTextAsADataUrl() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      region.relay.show(
          List.of(
              region.event(region.online, 0, "b", Buffer.buffer(new byte[] {(byte) 0xff, 0, 1}))));

      assertThat(Listener.data(listener.events(1).getFirst()).getString("data"))
          .isEqualTo("data:application/octet-stream;base64,/wAB");
    }
  }

  @Test
  void letsNoNameBreakTheStream() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      region.show(region.online, "a\ndata: {}\r\n\nb", "1");

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
      region.show(region.online, "a/b/c", "1");
      region.show(region.offline, "A/b", "2");
      region.show(region.offline, "zoo", "3");
      region.show(region.online, "zoo", "4");
      region.show(region.online, "a/b", "end");
      region.show(region.offline, "zend", "end");

      assertThat(prefix.events(2))
          .extracting(each -> Listener.data(each).getString("data"))
          .containsExactly("1", "end");
      assertThat(rest.events(2))
          .extracting(each -> Listener.data(each).getString("data"))
          .containsExactly("1", "end");
      assertThat(device.events(3))
          .extracting(each -> Listener.data(each).getString("data"))
          .containsExactly("2", "3", "end");
      assertThat(both.events(2))
          .extracting(each -> Listener.data(each).getString("data"))
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
              region.event(region.online, 0, "a", Buffer.buffer("1")),
              region.event(region.online, 77, "a", Buffer.buffer("2"))));

      assertThat(Listener.data(listener.events(1).getFirst()).getString("data")).isEqualTo("2");
    }
  }

  @Test
  void showsTheLargestEventToAReaderWhoKeepsUp() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      region.show(region.online, "large", "\u0001".repeat(Event.MAX_DATA_BYTES));

      assertThat(Listener.data(listener.events(1).getFirst()).getString("data"))
          .hasSize(Event.MAX_DATA_BYTES);
    }
  }

  @Test
  void showsTheLargestEventThatComesRightBehindASmallOne() {
    try (var listener = Listener.open(region, "/v1/devices/events")) {
      var largest = Buffer.buffer("\u0001".repeat(Event.MAX_DATA_BYTES));
      region.relay.show(
          List.of(
              region.event(region.online, Region.PRODUCT, "small", Buffer.buffer("1")),
              region.event(region.online, Region.PRODUCT, "large", largest)));

      assertThat(Listener.data(listener.events(2).getLast()).getString("data"))
          .hasSize(Event.MAX_DATA_BYTES);
    }
  }
}

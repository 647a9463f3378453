package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.EventsFound;
import io.starling.contract.HistoryReply.EventsReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Origin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The history of events, by the API. */
class EventHistoryIT {
  private static final String PATH = "/v1/events/history";
  private static final String NDJSON = "application/x-ndjson";

  @RegisterExtension private final Region region = Region.start();
  private final List<Events> asked = new CopyOnWriteArrayList<>();

  private void relaysSay(Function<Events, EventsReply> answer) {
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              asked.add((Events) request);
              return Future.succeededFuture(answer.apply((Events) request));
            }));
  }

  private void relaysHave(String... data) {
    relaysSay(request -> found(null, data));
  }

  private EventsFound found(@Nullable String next, String... data) {
    var events = Buffer.buffer();
    for (String each : data) {
      EventBatch.write(events, event(Buffer.buffer(each)));
    }
    return new EventsFound(events, next);
  }

  private Event event(Buffer data) {
    return region.event(region.online, Region.PRODUCT, "temp", data);
  }

  private static Events whole(io.starling.contract.AccountId account, int limit) {
    return new Events(
        account, 0, null, null, false, null, null, 0, Long.MAX_VALUE, true, null, limit);
  }

  @Test
  void isAPageOfEventsAsStreamsShowThem() {
    relaysSay(request -> found("1-2-3", "21.5 \"°\"", ""));

    var reply = region.call("GET", PATH).send();

    assertThat(reply.status()).isEqualTo(200);
    var common =
        "\"ttl\":60,\"published_at\":\"2026-01-02T03:04:05.678Z\","
            + "\"coreid\":\"0123456789abcdef01234567\"}";
    assertThat(reply.text())
        .isEqualTo(
            "{\"events\":[{\"name\":\"temp\",\"data\":\"21.5 \\\"\\u00b0\\\"\","
                + common
                + ",{\"name\":\"temp\",\"data\":null,"
                + common
                + "],\"next\":\"1-2-3\"}");
    assertThat(asked).containsExactly(whole(region.person, 100));
  }

  @Test
  void asksForWhatTheQuerySays() {
    relaysHave();

    assertThat(
            region
                .call(
                    "GET",
                    PATH
                        + "?start=2026-01-02T03:04:05%2B01:00&end=1795000000000&prefix=a%2Fb"
                        + "&class=critical&origin=device&order=asc&limit=7&cursor=4-5-6"
                        + "&device=kitchen")
                .send()
                .status())
        .isEqualTo(200);
    assertThat(asked)
        .containsExactly(
            new Events(
                region.person,
                0,
                region.online,
                "a/b",
                false,
                EventClass.CRITICAL,
                Origin.DEVICE,
                1_767_319_445_000L,
                1_795_000_000_000L,
                false,
                "4-5-6",
                7));
  }

  @Test
  void isThatOfADeviceOfAProductAndOfAProductsDevice() {
    relaysHave("1");

    for (String path :
        List.of(
            "/v1/devices/kitchen/events/history",
            "/v1/products/77/events/history?name=temp",
            "/v1/products/thermo/devices/kitchen/events/history")) {
      assertThat(region.call("GET", path).send().status()).isEqualTo(200);
    }
    assertThat(asked.get(0).device()).isEqualTo(region.online);
    assertThat(asked.get(0).product()).isZero();
    assertThat(asked.get(1).product()).isEqualTo(Region.PRODUCT);
    assertThat(asked.get(1).exact()).isTrue();
    assertThat(asked.get(2).product()).isEqualTo(Region.PRODUCT);
    assertThat(asked.get(2).device()).isEqualTo(region.online);
    assertThat(asked).allMatch(each -> each.account().equals(region.person));
  }

  @Test
  void tellsOfAProductWhatItsStreamAdds() {
    relaysHave("1");

    var json = region.call("GET", "/v1/products/77/events/history").send().json();

    assertThat(json.getJsonArray("events").getJsonObject(0).getInteger("productID")).isEqualTo(77);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=x",
        "start=yesterday",
        "end=2026-13-01",
        "start=99999999999999999999",
        "start=-1",
        "start=2026-01-02&end=2026-01-02",
        "name=a&prefix=b",
        "class=urgent",
        "origin=me",
        "order=up"
      })
  void refusesWhatItDoesNotUnderstandAndSaysWhatItWants(String query) {
    relaysHave();

    var reply = region.call("GET", PATH + "?" + query).send();

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).contains(query.substring(0, query.indexOf('=')));
    assertThat(asked).isEmpty();
  }

  @Test
  void isNobodyElsesBusiness() {
    relaysHave("1");
    var absent = "f".repeat(24);

    for (String path : List.of("/v1/devices/%s/events/history", "/v1/events/history?device=%s")) {
      var theirs = region.call("GET", path.formatted(region.foreign)).send();
      assertThat(theirs.status()).isEqualTo(403);
      assertThat(theirs.text()).isEqualTo(region.call("GET", path.formatted(absent)).send().text());
    }
    assertThat(region.anonymous("GET", PATH).send().status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/events/history",
        "/v1/devices/kitchen/events/history",
        "/v1/products/77/events/history",
        "/v1/products/77/devices/kitchen/events/history"
      })
  void leavesTheStreamOfThatPrefixToThoseWhoWantIt(String path) {
    relaysHave();

    try (var byType = Listener.accepting(region, path, "text/event-stream");
        var asParticlesClients = Listener.open(region, path + "?nonce=0.25")) {
      region.show(region.online, "history/of/mankind", "1");

      assertThat(byType.events(1).getFirst()).startsWith("event: history/of/mankind\n");
      assertThat(asParticlesClients.events(1).getFirst()).startsWith("event: history/of/mankind");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void isNoMatterOfDevicesThatAreCalledEvents() {
    relaysHave();

    try (var stream = Listener.open(region, "/v1/devices/events/history")) {
      region.show(region.online, "history", "1");

      assertThat(stream.events(1).getFirst()).startsWith("event: history\n");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void goesOutAsAWholeInLinesOfJson() {
    relaysSay(request -> request.after() == null ? found("p2", "1", "2") : found(null, "3"));

    var reply = region.call("GET", PATH + "?limit=1").header("Accept", NDJSON).send();

    assertThat(reply.header("Content-Type")).hasValue(NDJSON);
    assertThat(reply.text().lines().map(line -> new JsonObject(line).getString("data")))
        .containsExactly("1", "2", "3");
    assertThat(asked)
        .containsExactly(
            whole(region.person, Events.MAX_LIMIT),
            whole(region.person, Events.MAX_LIMIT).from("p2"));
  }

  @Test
  void goesOutAsLinesForASpreadsheetThatRunNothing() {
    relaysSay(
        request -> {
          var events = found(null, "=cmd()", "-4.5", "say \"a,b\"\n").events();
          EventBatch.write(events, event(Buffer.buffer(new byte[] {(byte) 0xff})));
          return new EventsFound(events, null);
        });

    var reply = region.call("GET", PATH).header("Accept", "text/csv").send();

    String before = "2026-01-02T03:04:05.678Z,temp,";
    String after = ",0123456789abcdef01234567,77,device,normal\r\n";
    assertThat(reply.header("Content-Type").orElseThrow()).startsWith("text/csv");
    assertThat(reply.text())
        .isEqualTo(
            "published_at,name,data,coreid,product_id,origin,class\r\n"
                + (before + "'=cmd()" + after)
                + (before + "-4.5" + after)
                + (before + "\"say \"\"a,b\"\"\n\"" + after)
                + (before + "\"data:application/octet-stream;base64,/w==\"" + after));
  }

  @Test
  void isPackedForThoseWhoAskForIt() throws IOException, InterruptedException {
    relaysSay(request -> request.after() == null ? found("p2", "1") : found(null, "2"));

    var request =
        HttpRequest.newBuilder(URI.create(region.url(PATH)))
            .header("Authorization", "Bearer " + Region.TOKEN)
            .header("Accept", NDJSON)
            .header("Accept-Encoding", "br;q=0.1, gzip")
            .build();
    var reply = region.http.send(request, HttpResponse.BodyHandlers.ofByteArray());

    assertThat(reply.headers().firstValue("Content-Encoding")).hasValue("gzip");
    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
      var text = new String(unpacked.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.lines()).hasSize(2);
    }
  }

  /** Of two hundred thousand events there is a page at a time. */
  @ParameterizedTest
  @CsvSource({NDJSON + ", 0", "text/csv, 1"})
  void goesOutPageByPageHoweverMuchItIs(String accept, int head) throws Exception {
    var page = found(null, Collections.nCopies(1_000, "x").toArray(String[]::new)).events();
    relaysSay(
        request -> {
          int at = request.after() == null ? 1 : Integer.parseInt(request.after());
          return new EventsFound(page, at == 200 ? null : Integer.toString(at + 1));
        });

    var request =
        HttpRequest.newBuilder(URI.create(region.url(PATH)))
            .header("Authorization", "Bearer " + Region.TOKEN)
            .header("Accept", accept)
            .build();
    try (var lines = region.http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      assertThat(lines.count()).isEqualTo(200_000 + head);
    }
    assertThat(asked).hasSize(200).allMatch(each -> each.limit() == Events.MAX_LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {NDJSON, "text/csv"})
  void asksForNoMoreThanItsReaderTakes(String accept) {
    relaysSay(request -> found("on", "x".repeat(200_000), "x".repeat(200_000)));

    try (var _ = Listener.deaf(region, PATH, accept)) {
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(20))
          .until(() -> !asked.isEmpty() && asked.size() < 40);
    }
  }

  @Test
  void isCutOffWhenItsReadersTokenEnds() {
    relaysSay(request -> found("on", "1"));

    try (var export = Listener.accepting(region, PATH, NDJSON)) {
      assertThat(export.next()).isNotEmpty();
      region.rows.remove("token", io.starling.directory.Secrets.hash(Region.TOKEN));

      await().atMost(Duration.ofSeconds(20)).until(export::ended);
    }
  }

  @Test
  void isNotBegunByTooManyAtATime() {
    relaysSay(request -> found("on", "x".repeat(200_000)));

    try (var _ = Listener.deaf(region, PATH, NDJSON);
        var _ = Listener.deaf(region, PATH, NDJSON);
        var _ = Listener.deaf(region, PATH, NDJSON);
        var _ = Listener.deaf(region, PATH, NDJSON)) {
      var fifth = region.call("GET", PATH).header("Accept", NDJSON).send();

      assertThat(fifth.status()).isEqualTo(429);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Listener.deaf(region, PATH, NDJSON).status() == 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", NDJSON, "text/csv"})
  void cannotBeReadForNowWithoutADatabase(String accept) {
    relaysSay(request -> new HistoryReply.DatabaseDown(7));

    var reply = region.call("GET", PATH).header("Accept", accept).send();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).hasValue("7");
  }

  @Test
  void refusesACursorThatIsNone() {
    relaysSay(request -> new HistoryReply.PlaceUnknown());

    assertThat(region.call("GET", PATH + "?cursor=here").send().status()).isEqualTo(400);
  }
}

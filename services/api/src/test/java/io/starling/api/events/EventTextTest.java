package io.starling.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventTextTest {
  private static Event event(Origin origin, String name, Buffer data) {
    return new Event(
        new EventId(DeviceId.of("0123456789abcdef01234567"), 1, 1),
        origin,
        AccountId.of("aaaaaaaaaaaaaaaaaaaaaaaa"),
        5,
        name,
        data,
        EventClass.NORMAL,
        0);
  }

  private static JsonObject json(Buffer text) {
    String[] lines = text.toString(StandardCharsets.UTF_8).split("\n", -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[2]).isEmpty();
    return new JsonObject(lines[1].substring("data: ".length()));
  }

  @Test
  void tellsWhoMadeIt() {
    var data = Buffer.buffer("x");

    assertThat(json(new EventText(event(Origin.DEVICE, "n", data)).forUsers()).getString("coreid"))
        .isEqualTo("0123456789abcdef01234567");
    assertThat(json(new EventText(event(Origin.API, "n", data)).forUsers()).getString("coreid"))
        .isEqualTo("api");
    assertThat(json(new EventText(event(Origin.CLOUD, "n", data)).forUsers()).getString("coreid"))
        .isEqualTo("particle-internal");
  }

  @Test
  void readsBackAsWhatWasSent() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(20); j >= 0; j--) {
        int c = random.nextInt(random.nextBoolean() ? 0x100 : 0x110000);
        text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? '?' : c);
      }
      var shown =
          new EventText(event(Origin.DEVICE, "n", Buffer.buffer(text.toString()))).forUsers();

      assertThat(json(shown).getString("data")).as("seed %s", seed).isEqualTo(text.toString());
      assertThat(shown.toString(StandardCharsets.UTF_8).chars()).allMatch(c -> c < 128);
    }
  }

  @Test
  void showsAnyBytesInOneLineOfJson() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(12)];
      random.nextBytes(bytes);

      String data =
          json(new EventText(event(Origin.DEVICE, "n", Buffer.buffer(bytes))).forUsers())
              .getString("data");

      String utf8 = new String(bytes, StandardCharsets.UTF_8);
      if (data.startsWith("data:application/octet-stream;base64,")) {
        assertThat(java.util.Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1)))
            .as("seed %s", seed)
            .isEqualTo(bytes);
      } else {
        assertThat(data).as("seed %s", seed).isEqualTo(utf8);
      }
    }
  }
}

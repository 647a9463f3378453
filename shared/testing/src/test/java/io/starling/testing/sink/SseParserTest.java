package io.starling.testing.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseParserTest {

  @Test
  void readsNamesIdsAndSeveralLinesOfData() {
    var stream =
        """
        :ok

        event: temp
        id: 7
        data: {"data":"21",
        data: "ttl":60}

        data: second

        """;
    assertThat(parse(stream))
        .containsExactly("7 temp {\"data\":\"21\",\n\"ttl\":60}", "7 message second");
  }

  @Test
  void endsALineWithReturnNewlineOrBoth() {
    assertThat(parse("data: a\r\n\r\ndata: b\r\rdata: c\n\n"))
        .containsExactly(" message a", " message b", " message c");
  }

  @Test
  void dropsAnEventThatTheEndOfTheStreamCuts() {
    assertThat(parse("data: whole\n\ndata: cut\n")).containsExactly(" message whole");
  }

  @Test
  void ignoresAnEventWithoutData() {
    assertThat(parse("event: temp\nid: 3\n\ndata\n\n")).containsExactly("3 message ");
  }

  @Test
  void countsCommentsAndKeepsTheWaitThatTheStreamAsksFor() {
    var parser = new SseParser(_ -> {});
    parser.feed(Buffer.buffer(": keep alive\n\nretry: 250\nretry: soon\n:\n"));
    assertThat(parser.comments()).isEqualTo(2);
    assertThat(parser.retryMillis()).contains(250L);
  }

  @Test
  void findsTheSameEventsHoweverTheStreamIsFragmented() {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("SseParserTest: replay with -Dseed=" + seed);
    var random = new Random(seed);
    var ends = List.of("\n", "\r\n", "\r");
    for (var round = 0; round < 300; round++) {
      var expected = new ArrayList<String>();
      var stream = new StringBuilder();
      for (var i = 0; i < 1 + random.nextInt(20); i++) {
        var end = ends.get(random.nextInt(3));
        var text = "ä€𝄞".repeat(random.nextInt(50)) + i;
        stream.append("id: ").append(i).append(end).append("event: e").append(i).append(end);
        stream.append("data:").append(text).append(end).append(end);
        expected.add(i + " e" + i + " " + text);
      }
      var found = new ArrayList<String>();
      var parser = new SseParser(e -> found.add(e.id() + " " + e.name() + " " + e.data()));
      var bytes = Buffer.buffer(stream.toString());
      var at = 0;
      while (at < bytes.length()) {
        var next = Math.min(bytes.length(), at + 1 + random.nextInt(40));
        parser.feed(bytes.getBuffer(at, next));
        at = next;
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  private static List<String> parse(String stream) {
    var found = new ArrayList<String>();
    new SseParser(e -> found.add(e.id() + " " + e.name() + " " + e.data()))
        .feed(Buffer.buffer(stream));
    return found;
  }
}

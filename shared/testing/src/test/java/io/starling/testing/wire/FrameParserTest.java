package io.starling.testing.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.testing.wire.ClientPackets.Message;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameParserTest {
  private static final ClientPackets PACKETS = new ClientPackets(MqttVersion.V3_1_1);

  @Test
  void findsTheSamePacketsHoweverTheStreamIsFragmented() {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("FrameParserTest: replay with -Dseed=" + seed);
    var random = new Random(seed);
    for (var round = 0; round < 300; round++) {
      var sent = new ArrayList<Buffer>();
      var stream = Buffer.buffer();
      for (var i = 0; i < 1 + random.nextInt(20); i++) {
        var packet = packet(random);
        sent.add(packet);
        stream.appendBuffer(packet);
      }
      assertThat(parse(stream, random)).isEqualTo(sent);
    }
  }

  private static Buffer packet(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> PACKETS.pubAck(1 + random.nextInt(65_535));
      case 1 -> PACKETS.pingRequest();
      default -> {
        var payload = new byte[random.nextInt(random.nextBoolean() ? 40 : 20_000)];
        random.nextBytes(payload);
        yield PACKETS.publish(new Message("a/b", Buffer.buffer(payload), 1), 7, false);
      }
    };
  }

  private static List<Buffer> parse(Buffer stream, Random random) {
    var found = new ArrayList<Buffer>();
    var parser =
        new FrameParser(
            1 << 20,
            (first, bytes, start, length) -> {
              var writer = new PacketWriter();
              writer.raw(bytes.getBuffer(start, start + length));
              found.add(writer.frame(first));
            });
    var at = 0;
    while (at < stream.length()) {
      var size = 1 + random.nextInt(random.nextBoolean() ? 3 : 5_000);
      var next = Math.min(stream.length(), at + size);
      parser.feed(stream.getBuffer(at, next));
      at = next;
    }
    assertThat(parser.isBetweenFrames()).isTrue();
    return found;
  }

  @Test
  void keepsHalfAPacketUntilTheRestArrives() {
    var frames = new ArrayList<Integer>();
    var parser = new FrameParser(100, (first, _, _, _) -> frames.add(first));
    parser.feed(Buffer.buffer(new byte[] {0x40, 2, 0}));
    assertThat(frames).isEmpty();
    assertThat(parser.isBetweenFrames()).isFalse();
    parser.feed(Buffer.buffer(new byte[] {9}));
    assertThat(frames).containsExactly(0x40);
  }

  @Test
  void refusesARemainingLengthOfFiveBytes() {
    var parser = new FrameParser(Integer.MAX_VALUE, (_, _, _, _) -> {});
    var bytes = Buffer.buffer(new byte[] {0x30, -1, -1, -1, -1, 1});
    assertThatThrownBy(() -> parser.feed(bytes)).isInstanceOf(MalformedPacket.class);
  }

  @Test
  void refusesAPacketAboveTheLimit() {
    var parser = new FrameParser(10, (_, _, _, _) -> {});
    var bytes = Buffer.buffer(new byte[] {0x30, 11});
    assertThatThrownBy(() -> parser.feed(bytes)).isInstanceOf(MalformedPacket.class);
  }
}

package io.starling.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.starling.connection.wire.Packet.Connect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Packets, damaged packets and noise, by a seed. To replay: {@code -Dfuzz.seed} with the printed
 * seed; {@code -Dfuzz.packets} for more of them.
 */
class PacketFuzzTest {
  private static final int LIMIT = 4_000;

  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final int count = Integer.getInteger("fuzz.packets", 100_000);
  private final Random random = new Random(seed);
  private final RandomPackets packets = new RandomPackets(random);
  private final PacketDecoder decoder = new PacketDecoder(LIMIT);

  @BeforeEach
  void tell(TestInfo test) {
    System.out.println(test.getDisplayName() + " seed " + seed);
  }

  @Test
  void readsWhatItIsMeantToRead() {
    for (int i = 0; i < count / 4; i++) {
      var connect = packets.connect();
      assertThat(decoder.next(Bytes.encode(connect, connect.level()), 0))
          .as("seed %d", seed)
          .isEqualTo(connect);
      int level = connect.level();
      var packet = packets.packet(level);
      assertThat(decoder.next(Bytes.encode(packet, level), level))
          .as("seed %d", seed)
          .isEqualTo(packet);
    }
  }

  @Test
  void readsAStreamHoweverItIsCut() {
    for (int i = 0; i < 200; i++) {
      int level = 3 + random.nextInt(3);
      var sent = new ArrayList<Packet>();
      var stream = Unpooled.buffer();
      for (int j = 0; j < 20; j++) {
        var packet = packets.packet(level);
        sent.add(packet);
        stream.writeBytes(Bytes.encode(packet, level));
      }
      assertThat(received(stream, level)).as("seed %d", seed).isEqualTo(sent);
    }
  }

  private List<Decoded> received(ByteBuf stream, int level) {
    var received = new ArrayList<Decoded>();
    var come = Unpooled.buffer();
    while (stream.isReadable()) {
      come.writeBytes(stream, Math.min(stream.readableBytes(), 1 + random.nextInt(50)));
      for (var next = decoder.next(come, level); next != null; next = decoder.next(come, level)) {
        received.add(next);
      }
    }
    assertThat(come.isReadable()).isFalse();
    return received;
  }

  /** Whatever is taken says what its bytes say: it has just as many of them when written again. */
  @Test
  void takesNothingThatIsNoPacket() {
    int taken = 0;
    for (int i = 0; i < count; i++) {
      int level = random.nextInt(4) == 0 ? 0 : 3 + random.nextInt(3);
      var bytes = random.nextInt(10) == 0 ? noise() : damaged(level);
      int length = bytes.readableBytes();
      var decoded = decoder.next(bytes, level);
      if (decoded instanceof Packet packet) {
        taken++;
        check(packet, level, bytes.readerIndex());
      } else if (decoded == null) {
        assertThat(bytes.readableBytes()).as("seed %d", seed).isEqualTo(length);
      }
    }
    assertThat(taken).isPositive();
  }

  private void check(Packet packet, int level, int bytesRead) {
    int spoken = packet instanceof Connect connect ? connect.level() : level;
    var again = Bytes.encode(packet, spoken);
    int length = again.readableBytes();
    assertThat(decoder.next(again, level)).as("seed %d", seed).isEqualTo(packet);
    boolean mayBeShort =
        switch (packet) {
          case Packet.Puback _,
              Packet.Pubrec _,
              Packet.Pubrel _,
              Packet.Pubcomp _,
              Packet.Disconnect _,
              Packet.Auth _ ->
              true;
          default -> spoken < 5; // where lengths may have bytes too many
        };
    if (!mayBeShort) {
      assertThat(length).as("seed %d: %s", seed, packet).isEqualTo(bytesRead);
    }
    assertThat(length).as("seed %d: %s", seed, packet).isLessThanOrEqualTo(bytesRead);
  }

  private ByteBuf noise() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return Unpooled.wrappedBuffer(bytes);
  }

  private ByteBuf damaged(int level) {
    var connect = packets.connect();
    var bytes =
        level == 0
            ? Bytes.encode(connect, connect.level())
            : Bytes.encode(packets.packet(level), level);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.readableBytes());
      switch (random.nextInt(4)) {
        case 0 -> bytes.setByte(at, random.nextInt());
        case 1 -> bytes.setByte(at, bytes.getByte(at) ^ (1 << random.nextInt(8)));
        case 2 -> bytes.writeZero(random.nextInt(5));
        default -> bytes.writerIndex(Math.max(1, bytes.writerIndex() - random.nextInt(4)));
      }
    }
    return bytes;
  }
}

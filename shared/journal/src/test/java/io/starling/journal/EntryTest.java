package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

final class EntryTest {

  @Test
  void readsWhatItWrote() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      Entry entry = new Entry(random.nextLong(), cursors(random), payloads(random));
      ByteString bytes = entry.encode();
      assertThat(Entry.decode(bytes)).as("seed %d, whole", seed).isEqualTo(entry);
      ByteString flat = ByteString.copyFrom(bytes.toByteArray());
      assertThat(Entry.decode(flat)).as("seed %d, flat", seed).isEqualTo(entry);
      int cut = random.nextInt(bytes.size() + 1);
      ByteString torn = flat.substring(0, cut).concat(flat.substring(cut));
      assertThat(Entry.decode(torn)).as("seed %d, in pieces", seed).isEqualTo(entry);
    }
  }

  private static List<Buffer> payloads(Random random) {
    List<Buffer> payloads = new ArrayList<>();
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[random.nextInt(3) * random.nextInt(2000)];
      random.nextBytes(bytes);
      payloads.add(Buffer.buffer(bytes));
    }
    return payloads;
  }

  private static List<CursorChange> cursors(Random random) {
    List<CursorChange> cursors = new ArrayList<>();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Position position = new Position(random.nextLong(Long.MAX_VALUE), random.nextInt(9000));
      cursors.add(CursorChange.commit("cursor " + i, position));
      cursors.add(CursorChange.remove("gone"));
    }
    return cursors;
  }

  @Test
  void keepsNoMoreMemoryThanItSays() {
    var small = buffer(new byte[4_096]).slice(8, 300);
    var bytes = new Entry(0, List.of(), List.of(small)).encode();

    small.setByte(17, (byte) 42);

    assertThat(Entry.decode(bytes).payloads().getFirst().getByte(17)).isZero();
  }

  @Test
  void copiesNoPayload() {
    byte[] array = new byte[5000];
    Entry decoded = Entry.decode(new Entry(0, List.of(), List.of(buffer(array))).encode());
    array[17] = 42;
    assertThat(decoded.payloads().getFirst().getByte(17)).isEqualTo((byte) 42);
  }

  @Test
  void takesSlicesAndDirectBuffers() {
    ByteBuf slice = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5}).slice(1, 3);
    ByteBuf direct = Unpooled.directBuffer().writeBytes(new byte[] {6, 7});
    List<Buffer> payloads = List.of(BufferInternal.buffer(slice), BufferInternal.buffer(direct));
    Entry decoded = Entry.decode(new Entry(0, List.of(), payloads).encode());
    assertThat(decoded.payloads().get(0).getBytes()).containsExactly(2, 3, 4);
    assertThat(decoded.payloads().get(1).getBytes()).containsExactly(6, 7);
  }

  private static Buffer buffer(byte[] array) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(array));
  }
}

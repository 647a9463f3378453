package io.starling.journal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteOutput;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * What one Raft entry says: cursor changes, then records. Payload bytes are copied on the way in
 * only out of much larger memory, and on the way out only if they came in pieces.
 *
 * <pre>
 *   version        1 byte, 1
 *   header length  varint, bytes from here to the first payload
 *   time           fixed64, epoch milliseconds at the leader
 *   cursors        varint count; each: name, flags (1 = has position, 2 = fresh), [varint index, varint offset]
 *   records        varint count; each: varint length
 *   payloads
 * </pre>
 */
record Entry(long timeMillis, List<CursorChange> cursors, List<Buffer> payloads) {
  static final int MAX_RECORDS = 8192;

  /** An eighth of a payload's memory may be unused, and a little more. */
  private static final int MOST_WASTE = 8;

  private static final int LEAST_WASTE = 64;
  private static final int VERSION = 1;
  private static final int HAS_POSITION = 1;
  private static final int FRESH = 2;

  ByteString encode() {
    List<ByteString> parts = new ArrayList<>(payloads.size() + 1);
    ByteString header = header();
    parts.add(frame(header.size()).concat(header));
    for (Buffer payload : payloads) {
      parts.add(wrap(payload));
    }
    return ByteString.copyFrom(parts); // joins, despite its name
  }

  private static ByteString frame(int headerLength) {
    byte[] bytes = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(headerLength)];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeRawByte((byte) VERSION);
      out.writeUInt32NoTag(headerLength);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private ByteString header() {
    ByteString.Output bytes = ByteString.newOutput(64 + 3 * payloads.size() + 64 * cursors.size());
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeFixed64NoTag(timeMillis);
      out.writeUInt32NoTag(cursors.size());
      for (CursorChange change : cursors) {
        Position position = change.position();
        out.writeStringNoTag(change.name());
        out.writeUInt32NoTag((position == null ? 0 : HAS_POSITION) | (change.fresh() ? FRESH : 0));
        if (position != null) {
          out.writeUInt64NoTag(position.index());
          out.writeUInt32NoTag(position.offset());
        }
      }
      out.writeUInt32NoTag(payloads.size());
      for (Buffer payload : payloads) {
        out.writeUInt32NoTag(payload.length());
      }
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteString();
  }

  private static ByteString wrap(Buffer payload) {
    ByteBuf bytes = ((BufferInternal) payload).getByteBuf();
    if (!bytes.hasArray()) {
      return UnsafeByteOperations.unsafeWrap(bytes.nioBuffer());
    }
    byte[] array = bytes.array();
    int from = bytes.arrayOffset() + bytes.readerIndex();
    int length = bytes.readableBytes();
    // The entry stays in Ratis' memory long after it is committed, with all of its arrays.
    return array.length - length <= length / MOST_WASTE + LEAST_WASTE
        ? UnsafeByteOperations.unsafeWrap(array, from, length)
        : ByteString.copyFrom(array, from, length);
  }

  static Entry decode(ByteString bytes) {
    try {
      CodedInputStream in = bytes.newCodedInput();
      int version = in.readRawByte();
      if (version != VERSION) {
        throw new IllegalStateException("entry of version " + version + ": written by newer code?");
      }
      int headerLength = in.readUInt32();
      int headerEnd = in.getTotalBytesRead() + headerLength;
      long timeMillis = in.readFixed64();
      List<CursorChange> cursors = readCursors(in);
      int[] lengths = new int[in.readUInt32()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = in.readUInt32();
      }
      Slicer slicer = new Slicer(headerEnd, lengths);
      UnsafeByteOperations.unsafeWriteTo(bytes, slicer);
      return new Entry(timeMillis, cursors, slicer.payloads());
    } catch (IOException e) {
      throw new IllegalStateException("not an entry of the journal", e);
    }
  }

  private static List<CursorChange> readCursors(CodedInputStream in) throws IOException {
    int count = in.readUInt32();
    List<CursorChange> cursors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      int flags = in.readUInt32();
      Position position =
          (flags & HAS_POSITION) == 0 ? null : new Position(in.readUInt64(), in.readUInt32());
      cursors.add(new CursorChange(name, position, (flags & FRESH) != 0));
    }
    return cursors;
  }

  /** Cuts the chunks of a byte string into payloads, sharing the arrays below it. */
  private static final class Slicer extends ByteOutput {
    private final int[] lengths;
    private final List<Buffer> payloads;
    private int skip;
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;

    Slicer(int skip, int[] lengths) {
      this.skip = skip;
      this.lengths = lengths;
      this.payloads = new ArrayList<>(lengths.length);
    }

    List<Buffer> payloads() {
      takeEmpty();
      if (payloads.size() != lengths.length) {
        throw new IllegalStateException("entry of the journal ends early");
      }
      return payloads;
    }

    private void takeEmpty() {
      while (payloads.size() < lengths.length && lengths[payloads.size()] == 0) {
        payloads.add(Buffer.buffer());
      }
    }

    private void chunk(ByteBuf chunk) {
      int skipped = Math.min(skip, chunk.readableBytes());
      chunk.skipBytes(skipped);
      skip -= skipped;
      while (chunk.isReadable()) {
        takeEmpty();
        if (payloads.size() == lengths.length) {
          throw new IllegalStateException("entry of the journal has extra bytes");
        }
        take(chunk);
      }
    }

    private void take(ByteBuf chunk) {
      int missing = lengths[payloads.size()] - partial.readableBytes();
      ByteBuf piece = chunk.readSlice(Math.min(missing, chunk.readableBytes()));
      ByteBuf joined = partial.isReadable() ? Unpooled.copiedBuffer(partial, piece) : piece;
      if (piece.readableBytes() == missing) {
        payloads.add(BufferInternal.buffer(joined));
        partial = Unpooled.EMPTY_BUFFER;
      } else {
        partial = joined;
      }
    }

    @Override
    public void write(byte value) {
      chunk(Unpooled.wrappedBuffer(new byte[] {value}));
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      chunk(Unpooled.copiedBuffer(value, offset, length));
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      chunk(Unpooled.wrappedBuffer(value, offset, length));
    }

    @Override
    public void write(ByteBuffer value) {
      chunk(Unpooled.copiedBuffer(value));
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      chunk(Unpooled.wrappedBuffer(value));
    }
  }
}

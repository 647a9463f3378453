package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/** What is said to one client in a turn of the loop, gathered for one write. */
final class Outgoing {
  private static final int AT_ONCE = 16 << 10;
  private static final int FIRST_BYTES = 256;

  private final Channel channel;
  private @Nullable ByteBuf gathered;
  private boolean unflushed;

  Outgoing(Channel channel) {
    this.channel = channel;
  }

  /** Where the next packet is to be appended. */
  ByteBuf bytes() {
    var bytes = gathered;
    if (bytes == null) {
      bytes = channel.alloc().buffer(FIRST_BYTES);
      gathered = bytes;
    }
    return bytes;
  }

  /** A packet was appended: hands over what is much already, so that the socket counts it. */
  void appended() {
    if (gathered != null && gathered.readableBytes() >= AT_ONCE) {
      write(channel.voidPromise());
    }
  }

  /** Hands over what there is, to be flushed later; the promise tells when it was written. */
  void write(ChannelPromise promise) {
    var bytes = gathered == null ? Unpooled.EMPTY_BUFFER : gathered;
    gathered = null;
    unflushed = true;
    var _ = channel.write(bytes, promise);
  }

  /** Writes what there is. */
  void flush() {
    if (gathered != null) {
      write(channel.voidPromise());
    }
    if (unflushed) {
      unflushed = false;
      var _ = channel.flush();
    }
  }

  /** Forgets what there is. */
  void release() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }
}

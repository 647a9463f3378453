package io.starling.relay.retained;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.EventId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in the log of retained messages: a byte for the version, one for the kind, the
 * fields. A replica that does not understand a record cannot go on without coming to another state
 * than the others: it fails, and says so.
 */
sealed interface RetainedRecord {
  byte VERSION = 1;
  byte KEEP = 1;
  byte DROP = 2;

  /** The messages of their topics. */
  record Keep(Buffer events) implements RetainedRecord {}

  /** Messages that are not worth sending any more. */
  record Drop(List<Expired> messages) implements RetainedRecord {}

  /** A message that has expired. */
  record Expired(AccountId account, String topic, EventId id) {}

  /** As it stands in the log. */
  default Buffer encode() {
    var bytes = Buffer.buffer().appendByte(VERSION);
    switch (this) {
      case Keep(var events) -> bytes.appendByte(KEEP).appendBuffer(events);
      case Drop(var messages) -> {
        bytes.appendByte(DROP).appendInt(messages.size());
        messages.forEach(each -> write(bytes, each));
      }
    }
    return bytes;
  }

  private static void write(Buffer bytes, Expired expired) {
    byte[] topic = expired.topic().getBytes(StandardCharsets.UTF_8);
    var id = expired.id();
    bytes
        .appendLong(expired.account().high())
        .appendInt(expired.account().low())
        .appendLong(id.origin().high())
        .appendInt(id.origin().low())
        .appendLong(id.epoch())
        .appendLong(id.sequence())
        .appendUnsignedShort(topic.length)
        .appendBytes(topic);
  }

  /**
   * Reads one.
   *
   * @throws IllegalStateException if it is of a version or kind that this code does not know
   */
  static RetainedRecord decode(Buffer bytes) {
    byte version = bytes.getByte(0);
    byte kind = bytes.getByte(1);
    if (version != VERSION || (kind != KEEP && kind != DROP)) {
      throw new IllegalStateException(
          "record %d of version %d in the log of retained messages: written by newer code?"
              .formatted(kind, version));
    }
    return kind == KEEP ? new Keep(bytes.slice(2, bytes.length())) : drop(bytes);
  }

  private static Drop drop(Buffer bytes) {
    var messages = new ArrayList<Expired>();
    int at = 6;
    for (int left = bytes.getInt(2); left > 0; left--) {
      int end = at + 42 + bytes.getUnsignedShort(at + 40);
      messages.add(
          new Expired(
              new AccountId(bytes.getLong(at), bytes.getInt(at + 8)),
              bytes.getString(at + 42, end, "UTF-8"),
              new EventId(
                  new DeviceId(bytes.getLong(at + 12), bytes.getInt(at + 20)),
                  bytes.getLong(at + 24),
                  bytes.getLong(at + 32))));
      at = end;
    }
    return new Drop(List.copyOf(messages));
  }
}

package io.starling.relay.retained;

import io.starling.contract.AccountId;
import io.starling.contract.EventBatch;
import io.starling.contract.EventId;
import io.starling.journal.LogState;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All retained messages of the region. Applied on the log's thread, read from any. */
final class RetainedState implements LogState {
  private static final int SNAPSHOT_VERSION = 1;

  /** More than any event in its binary form. */
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private final Map<AccountId, RetainedSpace> spaces = new ConcurrentHashMap<>();
  private volatile int size;
  private volatile long bytes;

  /** What is kept for an account; null if nothing. */
  @Nullable RetainedSpace find(AccountId account) {
    return spaces.get(account);
  }

  /** All there is, as it changes. */
  Map<AccountId, RetainedSpace> spaces() {
    return Collections.unmodifiableMap(spaces);
  }

  /** How many messages are kept. */
  int size() {
    return size;
  }

  /** What they take of the heap, about. */
  long bytes() {
    return bytes;
  }

  @Override
  public void apply(Position position, Buffer payload) {
    switch (RetainedRecord.decode(payload)) {
      case RetainedRecord.Keep(var events) -> {
        for (var batch = EventBatch.of(events); batch.next(); ) {
          keep(batch);
        }
      }
      case RetainedRecord.Drop(var expired) ->
          expired.forEach(each -> drop(each.account(), each.topic(), each.id()));
    }
  }

  private void keep(EventBatch batch) {
    var event = batch.event();
    var space = spaces.get(event.account());
    var known = space == null ? null : space.topics().get(event.name());
    if (known == null || !known.isAfter(event.id())) {
      set(
          event.account(),
          event.name(),
          event.data().length() == 0 ? null : RetainedMessage.of(event));
    }
  }

  /** Unless another has come in its place meanwhile. */
  private void drop(AccountId account, String topic, EventId id) {
    var space = spaces.get(account);
    var known = space == null ? null : space.topics().get(topic);
    if (known != null && known.id().equals(id)) {
      set(account, topic, null);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  private void set(AccountId account, String topic, @Nullable RetainedMessage message) {
    var space = spaces.computeIfAbsent(account, _ -> new RetainedSpace());
    int before = space.size();
    bytes += space.set(topic, message);
    size += space.size() - before;
    if (space.size() == 0) {
      spaces.remove(account);
    }
  }

  @Override
  public Copy copy() {
    var messages = new ArrayList<RetainedMessage>(size);
    spaces.values().forEach(space -> messages.addAll(space.topics().values()));
    return out -> {
      out.writeInt(SNAPSHOT_VERSION);
      out.writeInt(messages.size());
      for (var message : messages) {
        out.writeInt(message.bytes().length());
        out.write(message.bytes().getBytes());
      }
    };
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != SNAPSHOT_VERSION) {
      throw new IOException("retained messages of version " + version + ": written by newer code?");
    }
    spaces.clear();
    size = 0;
    bytes = 0;
    for (int left = in.readInt(); left > 0; left--) {
      int length = in.readInt();
      if (length < 0 || length > MAX_MESSAGE_BYTES) {
        throw new IOException("a retained message of " + length + " bytes");
      }
      byte[] message = new byte[length];
      in.readFully(message);
      for (var batch = EventBatch.of(Buffer.buffer(message)); batch.next(); ) {
        keep(batch);
      }
    }
  }
}

package io.starling.relay.retained;

import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The retained messages of one account by topic. Changed on the log's thread, read from any. */
final class RetainedSpace {
  private final ConcurrentNavigableMap<String, RetainedMessage> topics =
      new ConcurrentSkipListMap<>();
  private volatile int size;
  private volatile long bytes;

  ConcurrentNavigableMap<String, RetainedMessage> topics() {
    return topics;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** What they take of the heap, about. */
  long bytes() {
    return bytes;
  }

  /** Sets a topic's message, null for none; answers by how many bytes it is more. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  long set(String topic, @Nullable RetainedMessage message) {
    var before = message == null ? topics.remove(topic) : topics.put(topic, message);
    long more = weight(message) - weight(before);
    size += (message == null ? 0 : 1) - (before == null ? 0 : 1);
    bytes += more;
    return more;
  }

  private static long weight(@Nullable RetainedMessage message) {
    return message == null ? 0 : message.weight();
  }
}

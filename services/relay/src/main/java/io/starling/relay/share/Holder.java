package io.starling.relay.share;

import io.starling.contract.LiveMessage;
import io.starling.contract.LiveMessage.Given;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A gateway with members of groups, in one life of its process. Belongs to one event loop. */
final class Holder {
  private static final long MAX_OPEN_BYTES = 8 << 20;

  private final String name;
  private final Map<Group, Seat> seats = new HashMap<>();
  private long openBytes;

  // until the next message
  private List<Given> given = new ArrayList<>();
  private Buffer events = Buffer.buffer();

  Holder(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  Map<Group, Seat> seats() {
    return seats;
  }

  boolean hasRoom(int bytes) {
    return openBytes == 0 || openBytes + bytes <= MAX_OPEN_BYTES;
  }

  /** Something has become open here, or is no longer; then it is negative. */
  void opened(int bytes) {
    openBytes += bytes;
  }

  /** Puts an event into the next message; answers how large that is now. */
  int add(Given what, Buffer event) {
    given.add(what);
    events.appendBuffer(event);
    return events.length();
  }

  boolean isEmpty() {
    return given.isEmpty();
  }

  /** The next message, which is empty from here on. */
  LiveMessage.SharedEvents message(String relay) {
    var message = new LiveMessage.SharedEvents(name, relay, given, events);
    given = new ArrayList<>();
    events = Buffer.buffer();
    return message;
  }
}

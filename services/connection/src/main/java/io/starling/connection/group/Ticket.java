package io.starling.connection.group;

import io.starling.connection.mqtt.Message;
import io.starling.contract.Event;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage.Given;

/**
 * An event that this gateway is to give to one member of a group. Whoever has it says once what has
 * become of it; more often changes nothing. Belongs to one event loop.
 */
public final class Ticket implements Comparable<Ticket> {
  private final Group group;
  private final String relay;
  private final Given given;
  private final long number;
  private final long arrivedNanos;
  private final Message message;
  private final int qos;
  private final boolean retain;
  private boolean over;

  Ticket(Group group, String relay, Given given, long number, long arrivedNanos, Event event) {
    this.group = group;
    this.relay = relay;
    this.given = given;
    this.number = number;
    this.arrivedNanos = arrivedNanos;
    // It is kept until it is acknowledged, and not with the whole batch that it came in.
    this.message = Message.of(event).detach();
    this.qos = event.manner().qos();
    this.retain = event.manner().retain();
  }

  /** What is to be sent. */
  public Message message() {
    return message;
  }

  /** At which QoS it was published. */
  public int qos() {
    return qos;
  }

  /** Whether it was published to be retained. */
  public boolean retain() {
    return retain;
  }

  /** The shard whose journal it stands in. */
  public int shard() {
    return given.shard();
  }

  /** The record of the journal that it is of. */
  public JournalPosition position() {
    return given.position();
  }

  /** Nobody else is to get it. */
  public void done() {
    if (!over) {
      over = true;
      group.done(this);
    }
  }

  /** A member could not have it, and another one may. */
  public void back() {
    if (!over) {
      group.takeBack(this);
    }
  }

  /** It is the relay's again. */
  void leave() {
    over = true;
  }

  String relay() {
    return relay;
  }

  long id() {
    return given.id();
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  /** In the order in which they came. */
  @Override
  public int compareTo(Ticket other) {
    return Long.compare(number, other.number);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }
}

package io.starling.journal.membership;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The Raft groups of a node: found by name alone, everywhere. */
public final class LogIds {
  /**
   * A group without members and entries that every node of several hosts: it is there to tell the
   * disk behind an address, before and after there are logs.
   */
  public static final UUID INTRODUCTION = named("starling introduction");

  private LogIds() {}

  /** The group of a log. */
  public static UUID of(String log) {
    return named("starling journal " + log);
  }

  private static UUID named(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}

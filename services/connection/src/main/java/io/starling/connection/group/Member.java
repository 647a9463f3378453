package io.starling.connection.group;

/** A shared subscription of one connected client. Belongs to one event loop. */
public interface Member {
  /** How many events it takes before some are done with. */
  int room();

  /** Tells whether it takes an event at once. */
  boolean hasRoom(Ticket ticket);

  /**
   * Sends it, and says in time what has become of it: {@link Ticket#done} or {@link Ticket#back}.
   */
  void give(Ticket ticket);
}

package io.starling.embedded.pair;

import io.starling.embedded.DetachedServer;
import io.starling.embedded.EmbeddedDatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** One server of the pair, with the marks in its folder. */
record Member(String name, DetachedServer server, Probe probe) {
  private static final Map<String, String> PARAMETERS =
      Map.of(
          // A standby that was away for a while finds what it missed, within bounds.
          "wal_keep_size", "256MB",
          "wal_sender_timeout", "10s",
          "wal_receiver_timeout", "10s",
          "wal_retrieve_retry_interval", "500ms",
          // Who did what, for the search after a failover.
          "log_line_prefix", "%m [%p] %a ");

  /** A file whose presence says something about a server. */
  enum Mark {
    /** Stays down until an operator starts it. */
    DOWN,
    /** Must be copied anew before it serves again. */
    FENCED;

    private String file() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Member of(Path folder, String name, String other, PairSettings settings) {
    PairSettings.Address address = name.equals("a") ? settings.a() : settings.b();
    DetachedServer server =
        new DetachedServer(
            folder.resolve(name),
            address.host(),
            address.port(),
            settings.durability(),
            PARAMETERS);
    return new Member(name, server, new Probe(server, other));
  }

  /** Looks at it, for some seconds at most. */
  Sight look() {
    Answer answer = probe.ask();
    return new Sight(
        name,
        server.hasData(),
        server.isRunning(),
        server.isStandby(),
        server.timeline(),
        has(Mark.FENCED),
        has(Mark.DOWN),
        answer);
  }

  boolean has(Mark mark) {
    return Files.exists(server.folder().resolve(mark.file()));
  }

  void put(Mark mark) {
    WholeFile.write(server.folder().resolve(mark.file()), "");
  }

  void remove(Mark mark) {
    try {
      Files.deleteIfExists(server.folder().resolve(mark.file()));
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot remove a mark of " + name, e);
    }
  }
}

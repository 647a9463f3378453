package io.starling.testing.region;

import java.util.List;

/**
 * The database of a region: one server or several. Methods block, at most for about a minute; they
 * look anew each time, as another command may have changed everything.
 */
public interface RegionDatabase {
  /** Starts what does not run; returns when it answers. */
  void start();

  /** Stops all of it orderly; what does not run is no mistake. */
  void stop();

  /** SIGKILL to all processes of the server that takes writes. */
  void kill();

  /** SIGKILL to all processes of every server: nothing is promoted, until {@link #start}. */
  void killAll();

  /** What nodes are told as {@code STARLING_DATABASE}. Known once it was started. */
  String uris();

  /** Where rows can be read: JDBC URLs, the one that takes writes first. */
  List<String> jdbcUrls();

  /** How each server is. */
  List<DatabaseStatus> servers();

  /** One server as a person reads it: a name, whether it answers, and a note. */
  record DatabaseStatus(String name, boolean up, String note) {}
}

package io.starling.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the database is and how long to wait for it.
 *
 * @param candidates the servers of which one is the primary
 * @param poolSize connections for work; one more per candidate watches who is the primary
 * @param maxWaiting calls that may wait for a free connection; more fail at once
 * @param connectTimeout for one connection to be opened
 * @param acquireTimeout for a connection to become free
 * @param statementTimeout after which the server cancels a statement (SQLSTATE 57014)
 * @param callTimeout for a whole call, acquiring included; at its end the connection is cut
 */
public record DatabaseConfig(
    List<Candidate> candidates,
    int poolSize,
    int maxWaiting,
    Duration connectTimeout,
    Duration acquireTimeout,
    Duration statementTimeout,
    Duration callTimeout) {

  /** Tells all mistakes at once. */
  public DatabaseConfig {
    candidates = List.copyOf(candidates);
    List<String> mistakes = new ArrayList<>();
    check(mistakes, !candidates.isEmpty(), "there is no database URI");
    check(
        mistakes,
        candidates.stream().map(Candidate::address).distinct().count() == candidates.size(),
        "a database URI is given twice");
    check(mistakes, poolSize >= 1 && poolSize <= 1000, "pool size must be 1 to 1000");
    check(mistakes, maxWaiting >= 0, "max waiting must not be negative");
    check(mistakes, connectTimeout.isPositive(), "connect timeout must be positive");
    check(mistakes, acquireTimeout.isPositive(), "acquire timeout must be positive");
    check(mistakes, statementTimeout.isPositive(), "statement timeout must be positive");
    check(
        mistakes,
        callTimeout.compareTo(statementTimeout) > 0,
        "call timeout must be longer than statement timeout");
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  /**
   * The defaults for these servers, given as URIs separated by commas; see {@link Candidate#parse}.
   *
   * @throws IllegalArgumentException saying what is wrong, without passwords
   */
  public static DatabaseConfig of(String uris) {
    List<Candidate> candidates =
        Pattern.compile(",")
            .splitAsStream(uris)
            .map(String::strip)
            .filter(uri -> !uri.isEmpty())
            .map(Candidate::parse)
            .toList();
    return new DatabaseConfig(
        candidates,
        8,
        256,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  /** The same with another number of connections. */
  public DatabaseConfig withPoolSize(int size) {
    return new DatabaseConfig(
        candidates,
        size,
        maxWaiting,
        connectTimeout,
        acquireTimeout,
        statementTimeout,
        callTimeout);
  }

  /** The same with another bound for calls that wait. */
  public DatabaseConfig withMaxWaiting(int calls) {
    return new DatabaseConfig(
        candidates, poolSize, calls, connectTimeout, acquireTimeout, statementTimeout, callTimeout);
  }

  /** The same with other times. */
  public DatabaseConfig withTimeouts(
      Duration connect, Duration acquire, Duration statement, Duration call) {
    return new DatabaseConfig(candidates, poolSize, maxWaiting, connect, acquire, statement, call);
  }

  private static void check(List<String> mistakes, boolean holds, String otherwise) {
    if (!holds) {
      mistakes.add(otherwise);
    }
  }
}

package io.starling.embedded.pair;

import io.starling.embedded.DetachedServer;
import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.EmbeddedSettings.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * What a {@link DatabasePair} is made with.
 *
 * @param a where the first server listens
 * @param b where the second server listens
 * @param silence how long a primary may be silent before the standby takes over, and a standby
 *     before the primary stops waiting for it
 * @param astray how long a standby that runs may not follow before it is copied anew
 * @param durability whether a commit is flushed to both disks
 */
public record PairSettings(
    Address a, Address b, Duration silence, Duration astray, Durability durability) {
  private static final String FILE = "pair.properties";
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration ASTRAY = Duration.ofSeconds(30);

  /** A literal IPv4 address of this machine and a port. */
  public record Address(String host, int port) {
    /** Checks the port. */
    public Address {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port must be 1 to 65535, not " + port);
      }
    }

    /** Reads {@code 127.0.1.1:5441}. */
    public static Address parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        return new Address(
            text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is not address:port", e);
      }
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Checks that the servers differ and that the times are positive. */
  public PairSettings {
    if (a.equals(b)) {
      throw new IllegalArgumentException("both servers are at " + a);
    }
    if (!silence.isPositive() || !astray.isPositive()) {
      throw new IllegalArgumentException("times must be positive");
    }
  }

  /** For a region: durable, with a silence of 10 s. */
  public static PairSettings durable(Address a, Address b) {
    return new PairSettings(a, b, SILENCE, ASTRAY, Durability.DURABLE);
  }

  /** For tests: on free ports of 127.0.0.1, nothing flushed. */
  public static PairSettings forTests() {
    int first = DetachedServer.freePort();
    int second = DetachedServer.freePort();
    while (second == first) {
      second = DetachedServer.freePort();
    }
    return new PairSettings(
        new Address("127.0.0.1", first),
        new Address("127.0.0.1", second),
        SILENCE,
        ASTRAY,
        Durability.FOR_TESTS);
  }

  /** The same with another silence. */
  public PairSettings withSilence(Duration silence) {
    return new PairSettings(a, b, silence, astray, durability);
  }

  /** What the pair in this folder was made with. */
  static PairSettings read(Path folder) {
    Path file = folder.resolve(FILE);
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("there is no pair in " + folder, e);
    }
    return new PairSettings(
        Address.parse(properties.getProperty("a", "")),
        Address.parse(properties.getProperty("b", "")),
        Duration.parse(properties.getProperty("silence", SILENCE.toString())),
        Duration.parse(properties.getProperty("astray", ASTRAY.toString())),
        Durability.valueOf(properties.getProperty("durability", Durability.DURABLE.name())));
  }

  void write(Path folder) {
    Properties properties = new Properties();
    properties.setProperty("a", a.toString());
    properties.setProperty("b", b.toString());
    properties.setProperty("silence", silence.toString());
    properties.setProperty("astray", astray.toString());
    properties.setProperty("durability", durability.name());
    WholeFile.write(folder.resolve(FILE), properties);
  }
}

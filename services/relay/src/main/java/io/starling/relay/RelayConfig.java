package io.starling.relay;

import io.starling.bootstrap.settings.Settings;
import io.starling.journal.membership.JournalAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What can be set of the relay.
 *
 * @param host the name by which other replicas reach this one
 * @param journalPort 0: one is chosen and kept in the journal's folder
 * @param replicas where all replicas of the region's journal listen, this one included; none: it is
 *     the only one
 * @param retention how long the journal keeps what every consumer has passed
 * @param diskQuotaBytes what the journal may use; 0: the file system it is on
 * @param minFreeBytes below this nothing is appended
 * @param eventRetentionDays how long the database keeps the events of products that do not say
 */
public record RelayConfig(
    String host,
    int journalPort,
    List<JournalAddress> replicas,
    Duration retention,
    long diskQuotaBytes,
    long minFreeBytes,
    int eventRetentionDays) {
  private static final String REPLICAS = "STARLING_JOURNAL_REPLICAS";

  public RelayConfig {
    replicas = List.copyOf(replicas);
  }

  /** Reads the settings. */
  public static RelayConfig from(Settings settings) {
    String host = settings.text("STARLING_JOURNAL_HOST", "127.0.0.1");
    int port = settings.port("STARLING_JOURNAL_PORT", 0);
    var replicas = settings.value(REPLICAS, "", RelayConfig::addresses);
    if (!replicas.isEmpty() && !replicas.contains(new JournalAddress(host, port))) {
      settings.reject(
          REPLICAS,
          "must contain this one, "
              + host
              + ":"
              + port
              + " (STARLING_JOURNAL_HOST and STARLING_JOURNAL_PORT)");
    }
    return new RelayConfig(
        host,
        port,
        replicas,
        settings.duration(
            "STARLING_JOURNAL_RETENTION", "3h", Duration.ofSeconds(1), Duration.ofDays(30)),
        settings.size("STARLING_JOURNAL_QUOTA", "0", 0, 1L << 50),
        settings.size("STARLING_JOURNAL_MIN_FREE", "256MiB", 0, 1L << 40),
        settings.integer("STARLING_EVENT_RETENTION_DAYS", 30, 1, 365));
  }

  private static List<JournalAddress> addresses(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .map(JournalAddress::parse)
        .distinct()
        .toList();
  }
}

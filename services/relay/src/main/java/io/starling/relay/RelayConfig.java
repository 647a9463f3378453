package io.starling.relay;

import io.starling.bootstrap.settings.Settings;
import java.time.Duration;

/**
 * What can be set of the relay.
 *
 * @param host the name by which other replicas reach this one
 * @param journalPort 0: one is chosen and kept in the journal's folder
 * @param retention how long the journal keeps what every consumer has passed
 * @param diskQuotaBytes what the journal may use; 0: the file system it is on
 * @param minFreeBytes below this nothing is appended
 */
public record RelayConfig(
    String host, int journalPort, Duration retention, long diskQuotaBytes, long minFreeBytes) {

  /** Reads the settings. */
  public static RelayConfig from(Settings settings) {
    return new RelayConfig(
        settings.text("STARLING_JOURNAL_HOST", "127.0.0.1"),
        settings.port("STARLING_JOURNAL_PORT", 0),
        settings.duration(
            "STARLING_JOURNAL_RETENTION", "3h", Duration.ofSeconds(1), Duration.ofDays(30)),
        settings.size("STARLING_JOURNAL_QUOTA", "0", 0, 1L << 50),
        settings.size("STARLING_JOURNAL_MIN_FREE", "256MiB", 0, 1L << 40));
  }
}

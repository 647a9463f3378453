package io.starling.connection.tls;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.connection.authority.ClientTrust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in use: a look at the files every few seconds, on a worker thread. Files that
 * cannot be used change nothing and are told once. {@link #current} may be asked from any thread.
 */
public final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final long LOOK_MILLIS = 2_000;

  private final TlsConfig config;
  private final ClientTrust trust;
  private volatile TlsContexts current;
  private volatile String fingerprint;
  private @Nullable String told;
  private long timer = -1;

  private Certificates(TlsConfig config, ClientTrust trust, TlsFiles files) {
    this.config = config;
    this.trust = trust;
    this.current = files.contexts(trust);
    this.fingerprint = files.fingerprint();
    trust.trustInRegion(files.trusted());
  }

  /**
   * Reads them; blocks.
   *
   * @throws IllegalArgumentException if they cannot be used, with a text to show
   */
  static Certificates read(TlsConfig config, ClientTrust trust) {
    return new Certificates(config, trust, TlsFiles.read(config));
  }

  /**
   * Reads them, and again when they change; fails if they cannot be used now.
   *
   * @param trust looks at those of clients, and is told of the authorities in the files
   * @param meters told how long they last
   */
  public static Future<Certificates> watch(
      Vertx vertx, TlsConfig config, ClientTrust trust, MeterRegistry meters) {
    return vertx
        .executeBlocking(() -> read(config, trust))
        .onSuccess(
            read -> {
              read.register(meters);
              read.timer =
                  vertx.setPeriodic(
                      LOOK_MILLIS,
                      _ -> {
                        var _ =
                            vertx
                                .executeBlocking(read::look)
                                .onFailure(cause -> LOG.error("Certificates", cause));
                      });
            });
  }

  private void register(MeterRegistry meters) {
    Gauge.builder("starling.tls.certificate.left", this, Certificates::secondsLeft)
        .description("Time until the first of the certificates in use runs out")
        .baseUnit("seconds")
        .register(meters);
  }

  private double secondsLeft() {
    return Duration.between(Instant.now(), current.expiresAt()).toSeconds();
  }

  /** Reads the files if they have changed; true if others are in use from here on. Blocks. */
  boolean look() {
    try {
      var files = TlsFiles.read(config);
      String found = files.fingerprint();
      if (!found.equals(fingerprint)) {
        var trusted = files.trusted();
        current = files.contexts(trust);
        trust.trustInRegion(trusted);
        fingerprint = found;
        told = null;
        LOG.info("The TLS certificates were read again; they run out at {}", current.expiresAt());
        return true;
      }
      told = null;
    } catch (IllegalArgumentException e) {
      // Not half of a new pair: whoever replaces the files has not finished, or made a mistake.
      if (!Objects.equals(told, e.getMessage())) {
        told = e.getMessage();
        LOG.warn("The TLS certificates in use stay: {}", told);
      }
    }
    return false;
  }

  /** Those in use. */
  public TlsContexts current() {
    return current;
  }

  /** Looks no more. */
  public void close(Vertx vertx) {
    var _ = vertx.cancelTimer(timer);
  }
}

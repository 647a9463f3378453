package io.starling.bootstrap.cluster;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.GatewayHint;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Which gateways are there, as they tell it every second. Who was never heard of counts as heard
 * when this began to listen. Thread-safe.
 */
public final class Gateways {
  /** A hint may be lost, and a second or two pass in a pause of either side. */
  private static final Duration SILENT = Duration.ofSeconds(5);

  /** Of whom nothing was heard for so long no answer is waited for. */
  private static final Duration UNRESPONSIVE = Duration.ofSeconds(3);

  /** A gateway that nobody has heard of for so long holds nobody any more. */
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final LongSupplier nanos;
  private final long sinceNanos;
  private final Map<String, Long> heard = new ConcurrentHashMap<>();

  Gateways(LongSupplier nanos) {
    this.nanos = nanos;
    this.sinceNanos = nanos.getAsLong();
  }

  /** Starts listening to the gateways of this bus. */
  public static Future<Gateways> open(Bus bus) {
    var gateways = new Gateways(System::nanoTime);
    return bus.listen(GatewayHint.ADDRESS, GatewayHint.Present.class, gateways::heard)
        .map(gateways);
  }

  void heard(GatewayHint.Present hint) {
    long now = nanos.getAsLong();
    if (heard.put(hint.gateway(), now) == null) {
      heard.values().removeIf(at -> now - at > FORGOTTEN.toNanos());
    }
  }

  /**
   * Whether a gateway that was there has told nothing for three seconds: dead, cut off or frozen.
   */
  public boolean isUnresponsive(String gateway) {
    return silentNanos(gateway) > UNRESPONSIVE.toNanos();
  }

  /** Those that are not unresponsive. */
  public Set<String> responsive() {
    return heard.keySet().stream()
        .filter(gateway -> !isUnresponsive(gateway))
        .collect(Collectors.toUnmodifiableSet());
  }

  private long silentNanos(String gateway) {
    return nanos.getAsLong() - heard.getOrDefault(gateway, sinceNanos);
  }

  /**
   * An entry as it is to be understood now. While its gateway is there, it tells. When that is
   * gone, a client is still taken for online until one and a half times its keep alive have passed:
   * a broken gateway is not an offline device, and most will have connected elsewhere by then.
   */
  public SessionEntry now(SessionEntry entry) {
    long silent = silentNanos(entry.gateway());
    var allowed = Duration.ofMillis(entry.keepAliveSeconds() * 1_500L);
    boolean believed =
        silent <= SILENT.toNanos() || silent <= (allowed.isZero() ? FORGOTTEN : allowed).toNanos();
    return believed || !entry.online() ? entry : entry.ended();
  }
}

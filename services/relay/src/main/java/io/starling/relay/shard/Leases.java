package io.starling.relay.shard;

import io.starling.contract.RelayRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who may follow a shard as which consumer, kept by the shard's leader, in memory: what is lost
 * with it costs a repetition. Belongs to the relay's event loop.
 */
final class Leases {
  /** Who had a lease from the leader before is heard first. */
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  private static final long MAX_MILLIS = 60_000;

  private final Map<String, Held> held = new HashMap<>();
  private long term = -1;
  private long ledSinceNanos;

  private record Held(String holder, long untilNanos) {}

  /**
   * Takes, renews or ends a lease.
   *
   * @param ledTerm under which this node leads
   * @return whether the one who asks holds it now
   */
  boolean ask(RelayRequest.Lease request, long ledTerm, long nowNanos) {
    if (ledTerm != term) {
      term = ledTerm;
      ledSinceNanos = nowNanos;
      held.clear();
    }
    var holder = held.get(request.consumer());
    boolean own = holder != null && holder.holder().equals(request.holder());
    boolean free = holder == null || nowNanos - holder.untilNanos() >= 0;
    boolean settled = request.renews() || nowNanos - ledSinceNanos >= SETTLE_NANOS;
    if (!own && !(free && settled)) {
      return false;
    }
    if (request.millis() <= 0) {
      held.remove(request.consumer());
      return false;
    }
    long millis = Math.min(request.millis(), MAX_MILLIS);
    long until = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    held.put(request.consumer(), new Held(request.holder(), until));
    return true;
  }
}

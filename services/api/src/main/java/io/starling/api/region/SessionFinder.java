package io.starling.api.region;

import io.starling.bootstrap.cluster.Gateways;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.contract.DeviceId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who holds a device's session, or held it last. */
public final class SessionFinder {
  /** How many look-ups one listing has under way at a time. */
  private static final int WINDOW = 256;

  private final Sessions sessions;
  private final Gateways gateways;

  /** Over the soft map of this name. */
  public SessionFinder(Sessions sessions, Gateways gateways) {
    this.sessions = sessions;
    this.gateways = gateways;
  }

  /** Finds one; a failed future means that the map did not answer. */
  public Future<Optional<SessionEntry>> find(DeviceId device) {
    return sessions.find(device.toString()).map(found -> found.map(gateways::now));
  }

  /**
   * Finds many. What the map does not tell is not in the answer: a listing shows such devices as
   * never connected rather than failing.
   */
  public Future<Map<DeviceId, SessionEntry>> find(List<DeviceId> devices) {
    return next(devices, 0, new ConcurrentHashMap<>());
  }

  private Future<Map<DeviceId, SessionEntry>> next(
      List<DeviceId> devices, int from, Map<DeviceId, SessionEntry> found) {
    if (from >= devices.size()) {
      return Future.succeededFuture(found);
    }
    int to = Math.min(devices.size(), from + WINDOW);
    var window = new ArrayList<Future<?>>(to - from);
    for (DeviceId device : devices.subList(from, to)) {
      window.add(
          find(device).onSuccess(entry -> entry.ifPresent(known -> found.put(device, known))));
    }
    return Future.join(window)
        .transform(
            joined ->
                // A map that fails is not asked for the rest: each question may cost a second.
                joined.succeeded() ? next(devices, to, found) : Future.succeededFuture(found));
  }
}

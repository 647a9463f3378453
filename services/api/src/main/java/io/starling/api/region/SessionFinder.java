package io.starling.api.region;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.Gateways;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a device's session, or held it last. The soft map tells; where it cannot, because a
 * member that keeps a part of it is frozen or it has not been told yet, the gateways are asked.
 */
public final class SessionFinder {
  private static final Duration SEARCH_LIMIT = Duration.ofSeconds(1);

  /** How many look-ups one listing has under way at a time. */
  private static final int WINDOW = 256;

  private final Bus bus;
  private final Sessions sessions;
  private final Gateways gateways;

  /** Over the soft map of this name. */
  public SessionFinder(Bus bus, Sessions sessions, Gateways gateways) {
    this.bus = bus;
    this.sessions = sessions;
    this.gateways = gateways;
  }

  /**
   * Finds one. If neither the map nor any gateway tells, it is as if it had never been connected.
   */
  public Future<Optional<SessionEntry>> find(DeviceId device) {
    return find(List.of(device)).map(found -> Optional.ofNullable(found.get(device)));
  }

  /** Finds many; those of whom nobody tells are not in the answer. */
  public Future<Map<DeviceId, SessionEntry>> find(List<DeviceId> devices) {
    return next(devices, 0, true, new HashMap<>());
  }

  private Future<Map<DeviceId, SessionEntry>> next(
      List<DeviceId> devices, int from, boolean mapAnswers, Map<DeviceId, SessionEntry> found) {
    if (from >= devices.size()) {
      return Future.succeededFuture(found);
    }
    int to = Math.min(devices.size(), from + WINDOW);
    var window = devices.subList(from, to);
    // A map that fails is not asked for the rest: each question may cost a second.
    var told =
        mapAnswers ? told(window) : Future.succeededFuture(new Told(Map.of(), window, false));
    return told.compose(
            map ->
                search(map.doubtful())
                    .map(
                        held -> {
                          map.entries().forEach((id, entry) -> found.put(id, gateways.now(entry)));
                          found.putAll(held);
                          return map.isWhole();
                        }))
        .compose(whole -> next(devices, to, mapAnswers && whole, found));
  }

  /**
   * What the map tells of some devices.
   *
   * @param doubtful those of which it told nothing, that they are offline, or of a gateway that
   *     does not respond
   * @param isWhole whether it answered each question
   */
  private record Told(
      Map<DeviceId, SessionEntry> entries, List<DeviceId> doubtful, boolean isWhole) {}

  private Future<Told> told(List<DeviceId> devices) {
    var entries = new ConcurrentHashMap<DeviceId, SessionEntry>();
    var questions = new ArrayList<Future<Optional<SessionEntry>>>(devices.size());
    for (var device : devices) {
      questions.add(
          sessions
              .find(device.toString())
              .onSuccess(found -> found.ifPresent(entry -> entries.put(device, entry))));
    }
    return Future.join(questions)
        .transform(
            _ -> {
              var doubtful = new ArrayList<>(devices);
              doubtful.removeIf(device -> isKnown(entries.get(device)));
              boolean whole = questions.stream().allMatch(Future::succeeded);
              return Future.succeededFuture(new Told(entries, doubtful, whole));
            });
  }

  /** That a device is offline is never taken from the map alone: it may not have been told yet. */
  private boolean isKnown(@Nullable SessionEntry entry) {
    return entry != null && entry.online() && !gateways.isUnresponsive(entry.gateway());
  }

  /** A gateway that holds a device, in the session of this epoch. */
  record Holder(String gateway, long epoch) {}

  /** Finds the gateway to ask; empty if the device is not connected to any that answers. */
  Future<Optional<Holder>> holder(DeviceId device) {
    return sessions
        .find(device.toString())
        .otherwise(Optional.empty())
        .compose(
            found ->
                found
                    .filter(this::isKnown)
                    .map(entry -> new Holder(entry.gateway(), entry.epoch()))
                    .map(holder -> Future.succeededFuture(Optional.of(holder)))
                    .orElseGet(() -> search(device)));
  }

  /** Asks every gateway for a device. */
  Future<Optional<Holder>> search(DeviceId device) {
    return search(List.of(device))
        .map(
            found ->
                Optional.ofNullable(found.get(device))
                    .map(entry -> new Holder(entry.gateway(), entry.epoch())));
  }

  /** Asks every gateway; of several that hold a device the highest epoch owns it. */
  private Future<Map<DeviceId, SessionEntry>> search(List<DeviceId> devices) {
    if (devices.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    var asked =
        gateways.responsive().stream()
            .map(
                gateway ->
                    bus.ask(new GatewayRequest.Find(gateway, devices), SEARCH_LIMIT)
                        .map(reply -> held(gateway, reply))
                        .otherwise(Map.of()))
            .toList();
    return Future.join(asked)
        .map(
            _ -> {
              var found = new HashMap<DeviceId, SessionEntry>();
              asked.forEach(
                  answer ->
                      answer
                          .result()
                          .forEach((id, entry) -> found.merge(id, entry, SessionFinder::newer)));
              return found;
            });
  }

  private static SessionEntry newer(SessionEntry one, SessionEntry other) {
    return one.epoch() < other.epoch() ? other : one;
  }

  private static Map<DeviceId, SessionEntry> held(String gateway, GatewayReply.FindReply reply) {
    return switch (reply) {
      case GatewayReply.Held(var sessions) -> {
        var held = new HashMap<DeviceId, SessionEntry>();
        for (var session : sessions) {
          held.put(
              session.device(),
              new SessionEntry(
                  gateway,
                  session.epoch(),
                  true,
                  session.lastHeardMillis(),
                  session.keepAliveSeconds(),
                  session.address()));
        }
        yield held;
      }
    };
  }

  /** Whether no answer of a gateway is to be waited for. */
  boolean isUnresponsive(String gateway) {
    return gateways.isUnresponsive(gateway);
  }
}

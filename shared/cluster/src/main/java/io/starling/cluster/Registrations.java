package io.starling.cluster;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who serves which addresses of the event bus: what this process serves, and what each other one
 * has told of itself, but for those that are silent (see {@link Pulse}). A question never leaves
 * the process. Thread-safe; the listener is called one change at a time, and must not block.
 */
final class Registrations {
  private static final String KEY = "starling.registrations";

  private final String self;
  private final Map<String, List<RegistrationInfo>> own = new HashMap<>();
  private final Map<String, Notice> told = new TreeMap<>();
  private final Map<String, NodeInfo> reached = new HashMap<>();
  private Map<String, Pulse.Silence> silent = Map.of();
  private @Nullable RegistrationListener listener;
  private @Nullable NodeInfo info;
  private long version;

  /**
   * Nothing yet.
   *
   * @param self this process's id on the bus
   */
  Registrations(String self) {
    this.self = self;
  }

  /** Makes it what notices for this member go into, from before it joins. */
  Registrations in(Map<String, Object> userContext) {
    userContext.put(KEY, this);
    return this;
  }

  /** Those of a member. */
  static Registrations of(HazelcastInstance instance) {
    return (Registrations)
        Objects.requireNonNull(instance.getUserContext().get(KEY), "a member of another make");
  }

  String self() {
    return self;
  }

  synchronized void listen(RegistrationListener to) {
    listener = to;
  }

  /** Where this process is reached. */
  synchronized void reachedAt(NodeInfo at) {
    info = at;
    version++;
  }

  synchronized Optional<NodeInfo> info() {
    return Optional.ofNullable(info);
  }

  synchronized void add(String address, RegistrationInfo registration) {
    own.computeIfAbsent(address, _ -> new ArrayList<>()).add(registration);
    changed(address);
  }

  synchronized void remove(String address, RegistrationInfo registration) {
    var left = own.get(address);
    if (left != null && left.remove(registration)) {
      if (left.isEmpty()) {
        own.remove(address);
      }
      changed(address);
    }
  }

  private void changed(String address) {
    version++;
    fire(address);
  }

  /** All that others may know of this process. */
  synchronized Notice notice() {
    var shown = new HashMap<String, List<Long>>();
    own.forEach(
        (address, registrations) -> {
          var seqs =
              registrations.stream()
                  .filter(r -> !r.localOnly())
                  .map(RegistrationInfo::seq)
                  .toList();
          if (!seqs.isEmpty()) {
            shown.put(address, seqs);
          }
        });
    return new Notice(self, version, info, shown);
  }

  /** Takes in what a process tells; an older notice than the one that is here changes nothing. */
  synchronized void take(Notice notice) {
    var before = told.get(notice.node());
    if (notice.node().equals(self) || (before != null && before.version() >= notice.version())) {
      return;
    }
    told.put(notice.node(), notice);
    notice.info().ifPresent(at -> reached.put(notice.node(), at));
    var touched = new HashSet<String>();
    if (before != null) {
      before.served().forEach((address, seqs) -> differs(address, seqs, notice, touched));
    }
    notice.served().forEach((address, seqs) -> differs(address, seqs, before, touched));
    touched.forEach(this::fire);
  }

  private static void differs(
      String address, List<Long> seqs, @Nullable Notice other, Set<String> touched) {
    if (other == null || !seqs.equals(other.served().get(address))) {
      touched.add(address);
    }
  }

  /** Whether this is what is known of a process. */
  synchronized boolean knows(String node, long itsVersion) {
    var known = told.get(node);
    return known != null && known.version() == itsVersion;
  }

  /** Whether each of these has told something. */
  synchronized boolean knowsAll(Collection<String> nodes) {
    return told.keySet().containsAll(nodes);
  }

  /** The processes that have told something. */
  synchronized Set<String> nodes() {
    return Set.copyOf(told.keySet());
  }

  /** These are silent for now, and no others. */
  synchronized void silent(Map<String, Pulse.Silence> now) {
    var before = silent;
    silent = Map.copyOf(now);
    var touched = new HashSet<String>();
    told.forEach(
        (node, notice) -> {
          if (before.get(node) != silent.get(node)) {
            touched.addAll(notice.served().keySet());
          }
        });
    touched.forEach(this::fire);
  }

  /** A process is gone: nothing is sent there any more. */
  synchronized void forget(String node) {
    reached.remove(node);
    var gone = told.remove(node);
    if (gone != null) {
      gone.served().keySet().forEach(this::fire);
    }
  }

  /** Who serves an address and is not silent, or has not been for long and nobody else does. */
  synchronized List<RegistrationInfo> find(String address) {
    var all = new ArrayList<>(own.getOrDefault(address, List.of()));
    var doubtful = new ArrayList<RegistrationInfo>();
    for (var notice : told.values()) {
      var silence = address.equals(Pulse.ADDRESS) ? null : silent.get(notice.node());
      if (silence != Pulse.Silence.LONG) {
        var into = silence == null ? all : doubtful;
        for (long seq : notice.served().getOrDefault(address, List.of())) {
          into.add(new RegistrationInfo(notice.node(), seq, false));
        }
      }
    }
    return all.isEmpty() ? doubtful : all;
  }

  /** Where a process is reached. */
  synchronized Optional<NodeInfo> info(String node) {
    return node.equals(self) ? info() : Optional.ofNullable(reached.get(node));
  }

  private void fire(String address) {
    if (listener != null && listener.wantsUpdatesFor(address)) {
      listener.registrationsUpdated(new RegistrationUpdateEvent(address, find(address)));
    }
  }
}

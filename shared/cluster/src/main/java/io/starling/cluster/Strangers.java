package io.starling.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who turned this process away for its cluster's name. Hazelcast tells nobody: it writes a line
 * into its log and goes on alone. That line, heard from before the join on, is all there is; {@code
 * ClusterIT} shows that it is still written so. Thread-safe.
 */
final class Strangers implements LifecycleListener, HazelcastInstanceAware {
  private static final Pattern TURNED_AWAY =
      Pattern.compile(
          "Node could not join cluster at node: \\[(.+)](:\\d+) .*different cluster-name");

  private final Set<String> met = new ConcurrentSkipListSet<>();
  private volatile @Nullable HazelcastInstance instance;

  /** Listens from the start of the member that is made of this. */
  static Strangers heardBy(Config config) {
    var strangers = new Strangers();
    var _ = config.addListenerConfig(new ListenerConfig(strangers));
    return strangers;
  }

  /** Their addresses, of those met since the start. */
  Set<String> met() {
    return Set.copyOf(met);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance starting) {
    instance = starting;
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    var starting = instance;
    if (event.getState() == LifecycleEvent.LifecycleState.STARTING && starting != null) {
      starting
          .getLoggingService()
          .addLogListener(Level.WARNING, line -> hear(line.getLogRecord().getMessage()));
    }
  }

  void hear(@Nullable String line) {
    var turnedAway = TURNED_AWAY.matcher(line == null ? "" : line);
    if (turnedAway.find()) {
      met.add(turnedAway.group(1) + turnedAway.group(2));
    }
  }
}

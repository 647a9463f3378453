package io.starling.journal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What exists of a log before its Ratis group does: the state machine and everyone who listens to
 * it.
 */
record HostedLog(
    String name,
    Tail tail,
    LogMachine machine,
    LeadershipWatch leadership,
    List<CommitListener> commitListeners) {

  static HostedLog of(
      LogConfig log, JournalConfig config, InstantSource clock, Consumer<Throwable> onBroken) {
    Tail tail = new Tail(config.tailBytes());
    LeadershipWatch leadership = new LeadershipWatch();
    List<CommitListener> listeners = new CopyOnWriteArrayList<>();
    LogMachine.Observer observer =
        new LogMachine.Observer() {
          @Override
          public void applied() {
            listeners.forEach(CommitListener::tell);
          }

          @Override
          public void leading(long term) {
            leadership.update(new Leadership.Leading(term));
          }

          @Override
          public void following(@Nullable String leader) {
            leadership.update(new Leadership.Following(leader));
          }

          @Override
          public void broken(Throwable cause) {
            onBroken.accept(cause);
          }
        };
    Duration retention =
        config.retention().compareTo(log.maxRetention()) < 0
            ? config.retention()
            : log.maxRetention();
    LogMachine machine = new LogMachine(log.state().get(), tail, retention, clock, observer);
    return new HostedLog(log.name(), tail, machine, leadership, listeners);
  }
}

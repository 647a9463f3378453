package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.journal.membership.JournalAddress;
import io.starling.journal.membership.Membership;
import io.starling.journal.membership.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Newer software brings a log that a region, founded long ago, does not have. */
final class JournalNewLogIT {
  private static final String OLD = "shard-0";
  private static final String NEW = "new";

  @TempDir Path root;
  private Cluster cluster;

  @BeforeEach
  void prepare() throws IOException {
    cluster = new Cluster(root, 3, OLD);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Software is replaced node by node: what runs already is asked by those who come. */
  private void upgrade(int... nodes) {
    for (int node : nodes) {
      cluster.close(node);
      cluster.open(3, node);
    }
  }

  private Membership membership() {
    return cluster.journal(0).membership();
  }

  private void takeIn(int... nodes) {
    List<JournalAddress> in = IntStream.of(nodes).mapToObj(cluster::address).toList();
    Plan plan =
        await()
            .atMost(Opened.PATIENCE)
            .until(() -> Opened.get(membership().planGrow(in)), each -> each.refusals().isEmpty());
    Opened.done(membership().execute(plan, Opened.PATIENCE, _ -> {}));
  }

  @Test
  void isFoundedByTheMembersOfTheOthersAndNotByADiskThatWasWiped() throws IOException {
    cluster.open(1, 0);
    List<String> old = cluster.append(OLD, 0, 20);
    cluster.close(0);
    cluster.open(3, 0, 1, 2);
    takeIn(1, 2); // and so they know no founders
    cluster.holds(2, OLD, old);
    cluster.close(2);
    cluster.wipe(2);
    cluster.logs(NEW, OLD);
    cluster.open(3, 2);
    upgrade(0, 1);

    List<String> payloads = cluster.append(NEW, 0, 20);
    cluster.holds(0, NEW, payloads);
    cluster.holds(1, NEW, payloads);
    cluster.holds(0, OLD, old);
    String wiped = cluster.journal(2).diskId();
    assertThat(Opened.get(membership().members()))
        .allMatch(log -> log.members().size() == 3 && log.find(wiped) == null);
    assertThat(cluster.opened(2).read(NEW, Position.START)).isEmpty();
  }
}

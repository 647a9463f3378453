package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.JournalPosition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectoryFollowerTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final Directory directory = new Directory(InstantSource.system());
  private final DirectoryFollower follower = new DirectoryFollower(bus, directory);
  private final Queue<BusMessage> answers = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    var _ = vertx.close().await(5, TimeUnit.SECONDS);
  }

  private void answer(BusMessage... some) throws Exception {
    answers.addAll(List.of(some));
    var _ =
        bus.serve(
                "directory",
                DirectoryRequest.class,
                request -> Future.succeededFuture(Objects.requireNonNull(answers.poll())))
            .await(5, TimeUnit.SECONDS);
  }

  private static DirectoryReply.SnapshotPage page(int number, long position, boolean isLast) {
    var row = new Change("kind of tomorrow", "row " + number, 1, 1, "{}");
    return new DirectoryReply.SnapshotPage(
        List.of(row), new JournalPosition(position, 0), isLast ? null : "kind of tomorrow/row");
  }

  @Test
  void goesOnFromTheLeastPositionOfAllPagesOfASnapshot() throws Exception {
    // Each page may come from another relay, and the second is behind the first.
    answer(
        new DirectoryReply.SnapshotNeeded(),
        page(1, 30, false),
        page(2, 20, false),
        page(3, 40, true));

    follower.turn().await(5, TimeUnit.SECONDS);

    assertThat(answers).isEmpty();
    assertThat(directory.position()).isEqualTo(new JournalPosition(20, 0));
  }
}

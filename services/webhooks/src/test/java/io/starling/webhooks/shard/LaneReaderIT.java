package io.starling.webhooks.shard;

import static io.starling.webhooks.shard.FollowerParts.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.directory.Directory;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.parked.ShardParking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages that arrive after the lane that they were asked for has moved. */
final class LaneReaderIT {
  private static final AccountId ACCOUNT = AccountId.create();
  private static final IntegrationId ID = IntegrationId.create();
  private static final JournalPosition FROM = new JournalPosition(5, 0);
  private static final JournalPosition END = new JournalPosition(7, 0);
  private static final JournalPosition MAIN = new JournalPosition(9, 0);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final InstantSource clock = InstantSource.system();
  private final Directory directory = new Directory(clock);
  private final Promise<BusMessage> page = Promise.promise();
  private final Lanes lanes =
      FollowerParts.lanes(new Matcher(directory), dispatcher(), parking(), Mark.at(MAIN));

  @BeforeEach
  void serve() {
    FollowerParts.fill(vertx, bus, directory, ACCOUNT, ID);
    var _ = await(bus.serve("relay.fake", RelayRequest.class, _ -> page.future()));
  }

  @AfterEach
  void close() {
    var _ = await(vertx.close());
  }

  private Dispatcher dispatcher() {
    return FollowerParts.dispatcher(vertx, bus, new Matcher(directory), clock);
  }

  private ShardParking parking() {
    return FollowerParts.noParking(vertx, dispatcher(), new Matcher(directory));
  }

  private Lane lane() {
    lanes.resume(ACCOUNT, ID, FROM);
    return lanes.all().iterator().next();
  }

  private Future<Long> turn() {
    var client = FollowerParts.client(vertx, bus);
    return new LaneReader(
            client, new Matcher(directory), lanes, dispatcher(), parking(), () -> Mark.at(MAIN))
        .turn();
  }

  private static RelayReply.Records nothing() {
    return new RelayReply.Records(List.of(), Buffer.buffer(), END);
  }

  @Test
  void goesOnBehindThePage() {
    var lane = lane();
    page.complete(nothing());
    var _ = await(turn());
    assertThat(lane.readAt).isEqualTo(Mark.at(END));
  }

  @Test
  void aPageSaysNothingOfALaneThatWentBackMeanwhile() {
    var lane = lane();
    var turn = turn();
    var back = Mark.at(new JournalPosition(3, 0));
    lane.unfeed(back);
    page.complete(nothing());
    var _ = await(turn);
    assertThat(lane.readAt).isEqualTo(back);
  }

  @Test
  void aPageIsForNobodyOnceTheLanesAreClosed() {
    var lane = lane();
    var turn = turn();
    lanes.close();
    page.complete(nothing());
    var _ = await(turn);
    assertThat(lane.readAt).isEqualTo(Mark.at(FROM));
  }
}

package io.starling.relay.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.LedgersReply;
import io.starling.contract.LedgersRequest;
import io.starling.contract.Origin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportClientIT {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final List<String> brought = new CopyOnWriteArrayList<>();
  private volatile boolean down;

  @AfterEach
  void close() throws Exception {
    var _ = vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static Event event(String name) {
    return new Event(
        new EventId(DeviceId.create(), 1, 1),
        Origin.DEVICE,
        AccountId.create(),
        0,
        name,
        Buffer.buffer("{}"),
        EventClass.NORMAL,
        1);
  }

  @Test
  void bringsReportsAndNothingElseAndFailsWhileTheyAreNotStored() throws Exception {
    var _ =
        bus.serve(LedgersRequest.ADDRESS, LedgersRequest.StoreReports.class, this::answer)
            .await(10, TimeUnit.SECONDS);
    var client = new ReportClient(bus);
    var events = List.of(event("temp"), event("particle/ledger/status"));

    var _ = client.bring(events).await(10, TimeUnit.SECONDS);
    assertThat(brought).containsExactly("particle/ledger/status");
    down = true;
    assertThat(client.bring(List.of(event("temp"))).succeeded()).isTrue();
    var refused = client.bring(events);
    Awaitility.await().until(refused::isComplete);
    assertThat(refused.failed()).isTrue();
  }

  private Future<LedgersReply.ReportsReply> answer(LedgersRequest.StoreReports request) {
    if (down) {
      return Future.succeededFuture(new AccountsReply.DatabaseDown(5));
    }
    EventBatch.decode(request.events()).forEach(event -> brought.add(event.name()));
    return Future.succeededFuture(new LedgersReply.ReportsStored());
  }
}

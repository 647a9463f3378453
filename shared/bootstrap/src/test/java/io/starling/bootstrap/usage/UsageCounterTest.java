package io.starling.bootstrap.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.NoteUsage;
import io.starling.contract.HistoryRequest.UsageNote;
import io.starling.contract.UsageKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsageCounterTest {
  private static final long HOUR = Instant.parse("2026-11-23T09:00:00Z").toEpochMilli();
  private static final int DEVICES = 50_000;

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<NoteUsage> told = new CopyOnWriteArrayList<>();
  private final AccountId ann = AccountId.create();
  private final DeviceId device = DeviceId.create();
  private volatile HistoryReply reply = new HistoryReply.UsageNoted();
  private final UsageCounter usage =
      new UsageCounter(bus, "node", meters, () -> Instant.ofEpochMilli(HOUR + 1_234_567));

  @BeforeEach
  void listen() throws Exception {
    var _ =
        bus.serve(
                "history",
                HistoryRequest.class,
                request -> {
                  told.add((NoteUsage) request);
                  return Future.succeededFuture(reply);
                })
            .await(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    var _ = vertx.close().await(5, TimeUnit.SECONDS);
  }

  private void tell() throws Exception {
    var _ = usage.tell().await(20, TimeUnit.SECONDS);
  }

  private UsageNote note(UsageKind kind, long count) {
    return new UsageNote(ann, 7, device, HOUR, kind, count);
  }

  @Test
  void tellsSumsByTheHourAndEachOnce() throws Exception {
    usage.count(ann, 7, device, UsageKind.FUNCTION_SUCCESS, 1);
    usage.count(ann, 7, device, UsageKind.FUNCTION_SUCCESS, 1);
    usage.count(ann, 7, device, UsageKind.ONLINE_SECONDS, 90, HOUR + 3_599_999);
    tell();
    tell();

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().notes())
        .containsExactly(note(UsageKind.FUNCTION_SUCCESS, 2), note(UsageKind.ONLINE_SECONDS, 90));
    assertThat(usage.waiting()).isZero();
  }

  @Test
  void sendsWhatWasNotTakenAgainAsTheSameBatchAndWhatCameMeanwhileBehindIt() throws Exception {
    usage.count(ann, 7, device, UsageKind.CONNECTION, 1);
    reply = new HistoryReply.DatabaseDown(1);
    tell();
    usage.count(ann, 7, device, UsageKind.CONNECTION, 5);
    tell();
    reply = new HistoryReply.UsageNoted();
    tell();

    assertThat(told).extracting(NoteUsage::source).containsOnly(told.getFirst().source());
    assertThat(told).extracting(NoteUsage::batch).containsExactly(1L, 1L, 1L, 2L);
    assertThat(told.get(2).notes()).containsExactly(note(UsageKind.CONNECTION, 1));
    assertThat(told.get(3).notes()).containsExactly(note(UsageKind.CONNECTION, 5));
  }

  @Test
  void foldsDevicesIntoTheirProductsWhenTheyBecomeTooMany() throws Exception {
    for (int i = 0; i < 2 * DEVICES; i++) {
      usage.count(ann, 7, DeviceId.create(), UsageKind.CONNECTION, 1);
    }
    assertThat(usage.waiting()).isEqualTo(DEVICES + 1);
    tell();

    var notes = told.stream().flatMap(batch -> batch.notes().stream()).toList();
    assertThat(notes.stream().mapToLong(UsageNote::count).sum()).isEqualTo(2 * DEVICES);
    assertThat(notes).contains(new UsageNote(ann, 7, null, HOUR, UsageKind.CONNECTION, DEVICES));
    assertThat(told).allMatch(batch -> batch.notes().size() <= NoteUsage.MAX_NOTES);
  }

  @Test
  void saysWhatItLosesWhenEvenProductsAreTooMany() {
    for (int i = 0; i < 2 * DEVICES; i++) {
      usage.count(ann, i, null, UsageKind.CONNECTION, 1);
    }
    usage.count(ann, 7, null, UsageKind.CONNECTION, 1);
    usage.count(ann, 2 * DEVICES, null, UsageKind.CONNECTION, 3);

    assertThat(usage.waiting()).isEqualTo(2 * DEVICES);
    assertThat(meters.get("starling.usage.lost").counter().count()).isEqualTo(3);
  }
}

package io.starling.relay.drain;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountsReply;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.LedgersReply;
import io.starling.contract.LedgersRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/**
 * Brings what devices reported to the accounts service, which has the ledgers. The drain moves on
 * only behind it, so that what was acknowledged comes there at least once.
 */
final class ReportClient {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Bus bus;

  ReportClient(Bus bus) {
    this.bus = bus;
  }

  /** Completes when all reports among the events are stored; fails if that is not known. */
  Future<Void> bring(List<Event> events) {
    Buffer reports = null;
    for (var event : events) {
      if (event.name().startsWith(LedgersRequest.EVENT_PREFIX)) {
        reports = reports == null ? Buffer.buffer() : reports;
        EventBatch.write(reports, event);
      }
    }
    return reports == null
        ? Future.succeededFuture()
        : bus.ask(new LedgersRequest.StoreReports(reports), LIMIT).compose(ReportClient::stored);
  }

  private static Future<Void> stored(LedgersReply.ReportsReply reply) {
    return switch (reply) {
      case LedgersReply.ReportsStored _ -> Future.succeededFuture();
      case AccountsReply.DatabaseDown _ ->
          Future.failedFuture("the accounts service has no database");
    };
  }
}

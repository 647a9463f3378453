package io.starling.webhooks.shard;

import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.Origin;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Mark;

/** What was read of a shard, event by event, each with its mark. Read once, forwards. */
final class Page {
  private final RelayReply.Records records;
  private final EventBatch batch;
  private int record;
  private int recordEnd;
  private int event = -1;

  Page(RelayReply.Records records) {
    this.records = records;
    this.batch = EventBatch.of(records.events());
    this.recordEnd = records.positions().isEmpty() ? 0 : records.positions().getFirst().bytes();
  }

  boolean isEmpty() {
    return records.positions().isEmpty();
  }

  /** Steps to the next event; false behind the last one. */
  boolean next() {
    int start = batch.end();
    if (!batch.next()) {
      return false;
    }
    event++;
    while (start >= recordEnd) {
      record++;
      recordEnd += records.positions().get(record).bytes();
      event = 0;
    }
    return true;
  }

  /** The place before the event at hand. */
  Mark mark() {
    return new Mark(records.positions().get(record).position(), event);
  }

  /** The place behind the last event. */
  Mark end() {
    return Mark.at(records.next());
  }

  AccountId account() {
    return batch.account();
  }

  boolean isOf(AccountId account) {
    return batch.isOf(account);
  }

  boolean isOfCloud() {
    return batch.origin() == Origin.CLOUD;
  }

  Event event() {
    return batch.event();
  }
}

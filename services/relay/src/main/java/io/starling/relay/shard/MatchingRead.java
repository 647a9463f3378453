package io.starling.relay.shard;

import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.SubscriptionTree;
import io.starling.contract.TopicFilter;
import io.starling.journal.JournalLog;
import io.starling.journal.JournalRecord;
import io.starling.journal.ReadResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One look through a shard for what matches some filters of an account: ends when it has found
 * enough, or has looked at enough for one turn.
 */
final class MatchingRead {
  private static final int MAX_BYTES = 1 << 20;
  private static final int CHUNK_BYTES = 256 << 10;

  /** So much is looked at for one answer: some milliseconds of work. */
  private static final int MAX_SCANNED_BYTES = 4 << 20;

  private final JournalLog log;
  private final RelayRequest.ReadMatching request;
  private final SubscriptionTree<Boolean> filters = new SubscriptionTree<>();
  private final int maxBytes;
  private final List<RelayReply.RecordAt> records = new ArrayList<>();
  private final Buffer found = Buffer.buffer();
  private JournalPosition next;
  private long scanned;
  private boolean matches;

  MatchingRead(JournalLog log, RelayRequest.ReadMatching request) {
    this.log = log;
    this.request = request;
    this.next = request.from();
    this.maxBytes = Math.min(request.maxBytes(), MAX_BYTES);
    request
        .filters()
        .forEach(
            text -> {
              var _ = filters.add(new TopicFilter(text), true);
            });
  }

  /** Looks on until the answer is complete. */
  Future<RelayReply.ReadReply> answer() {
    if (next.compareTo(request.until()) >= 0) {
      return Future.succeededFuture(new RelayReply.Records(records, found, next));
    }
    return log.read(Shard.position(next), CHUNK_BYTES).compose(this::look);
  }

  private Future<RelayReply.ReadReply> look(ReadResult read) {
    for (var record : read.records()) {
      var position = Shard.position(record.position());
      if (position.compareTo(request.until()) >= 0) {
        return complete(request.until());
      }
      if (found.length() >= maxBytes || scanned >= MAX_SCANNED_BYTES) {
        return complete(position);
      }
      look(record, position);
    }
    boolean atEnd = read.records().isEmpty();
    next = Shard.position(read.next());
    return atEnd ? complete(next) : answer();
  }

  private Future<RelayReply.ReadReply> complete(JournalPosition at) {
    next = at.compareTo(request.until()) < 0 ? at : request.until();
    return Future.succeededFuture(new RelayReply.Records(records, found, next));
  }

  private void look(JournalRecord record, JournalPosition position) {
    int before = found.length();
    scanned += record.payload().length();
    for (var batch = EventBatch.of(record.payload()); batch.next(); ) {
      if (batch.isOf(request.account()) && matches(batch.name())) {
        batch.copyTo(found);
      }
    }
    if (found.length() > before) {
      records.add(new RelayReply.RecordAt(position, found.length() - before));
    }
  }

  private boolean matches(String name) {
    matches = false;
    filters.match(name, _ -> matches = true);
    return matches;
  }
}

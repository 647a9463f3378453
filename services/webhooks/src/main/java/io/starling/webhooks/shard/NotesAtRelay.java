package io.starling.webhooks.shard;

import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.note.Notes;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The notes of one shard, as its leader keeps them.
 *
 * @param mainReadAt where the reader of the whole shard has come to
 */
record NotesAtRelay(ShardClient client, Supplier<Mark> mainReadAt) implements Notes.Book {
  @Override
  public Future<RelayReply.Cursors> list(String prefix) {
    return client.cursors(prefix);
  }

  @Override
  public Future<?> set(String name, JournalPosition position) {
    return client.setNote(name, position);
  }

  @Override
  public Future<?> remove(String name) {
    return client.removeNote(name);
  }

  @Override
  public JournalPosition front() {
    return mainReadAt.get().position();
  }
}

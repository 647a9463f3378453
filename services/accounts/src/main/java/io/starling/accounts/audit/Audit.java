package io.starling.accounts.audit;

import io.starling.contract.AuditReply;
import io.starling.contract.AuditRequest;
import io.starling.contract.AuditRequest.FindAudit;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Keeps refusals, and tells what is kept. */
public final class Audit {
  private static final Duration LIMIT = Duration.ofMillis(2_500);

  private final PrimaryPool database;
  private final AuditStore store = new AuditStore();

  /** The audit of this database. */
  public Audit(PrimaryPool database) {
    this.database = database;
  }

  /**
   * Answers; fails with {@link DatabaseUnavailable} also when there is too much to look through.
   */
  public Future<? extends AuditReply> answer(AuditRequest request) {
    return switch (request) {
      case AuditRequest.StoreRefusals refusals -> keep(refusals);
      case FindAudit find -> find(find);
    };
  }

  private Future<AuditReply.StoreReply> keep(AuditRequest.StoreRefusals batch) {
    var refusals = batch.refusals();
    if (refusals.isEmpty() || refusals.size() > AuditRequest.StoreRefusals.MOST) {
      return Future.failedFuture(new IllegalArgumentException("a batch has 1 to so many"));
    }
    return database
        .withPromptTransaction(connection -> store.keep(connection, batch))
        .map(new AuditReply.Stored());
  }

  private Future<AuditReply.FindReply> find(FindAudit asked) {
    var place = asked.cursor() == null ? Optional.of(Place.END) : Place.parse(asked.cursor());
    if (place.isEmpty()) {
      return Future.succeededFuture(new AuditReply.PlaceUnknown());
    }
    int limit = Math.clamp(asked.limit(), 1, FindAudit.MAX_LIMIT);
    return database
        .withConnection(LIMIT, connection -> store.find(connection, asked, place.get(), limit + 1))
        .map(
            found -> {
              var page = found.subList(0, Math.min(limit, found.size()));
              return new AuditReply.Found(
                  page.stream().map(AuditStore.Kept::deed).toList(),
                  found.size() > limit ? page.getLast().place().toString() : null);
            });
  }
}

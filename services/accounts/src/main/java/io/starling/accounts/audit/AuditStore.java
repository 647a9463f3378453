package io.starling.accounts.audit;

import io.starling.contract.Actor;
import io.starling.contract.AuditReply.Deed;
import io.starling.contract.AuditRequest;
import io.starling.contract.AuditRequest.FindAudit;
import io.starling.contract.AuditRequest.Refusals;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code starling.audit}. */
final class AuditStore {
  private static final String KEEP =
      """
      INSERT INTO starling.audit (at, id, until, occurrences, outcome, status, actor_kind, actor, token, client, action,
        operation, account, product, targets, target_count, address, agent, request)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
      ON CONFLICT DO NOTHING
      """;

  private static final String FIND =
      """
      SELECT * FROM starling.audit
      WHERE at >= $1 AND at < $2 AND (at, id) < ($3, $4)
        AND ($7 = '' OR actor = $7) AND ($8 = '' OR action = $8 OR operation = $8)
        AND ($9 = '' OR $9 = ANY (targets)) AND ($10 = '' OR outcome = $10)
        AND %s
      ORDER BY at DESC, id DESC LIMIT $11
      """;
  private static final String OF_ACCOUNT =
      FIND.formatted("(actor = $5 OR account = $5) AND $6 >= 0");
  private static final String OF_PRODUCT = FIND.formatted("product = $6 AND $5 = ''");

  /** A row, and where it stands. */
  record Kept(Deed deed, Place place) {}

  Future<Void> keep(SqlConnection connection, AuditRequest.StoreRefusals batch) {
    var rows = new ArrayList<Tuple>();
    for (int i = 0; i < batch.refusals().size(); i++) {
      rows.add(row(batch.refusals().get(i), id(batch.batch(), i)));
    }
    return connection.preparedQuery(KEEP).executeBatch(rows).mapEmpty();
  }

  private static UUID id(String batch, int index) {
    return UUID.nameUUIDFromBytes((batch + "/" + index).getBytes(StandardCharsets.UTF_8));
  }

  private static Tuple row(Refusals refused, UUID id) {
    var actor = refused.actor();
    return Tuple.tuple()
        .addValue(time(refused.firstMillis()))
        .addValue(id)
        .addValue(time(refused.lastMillis()))
        .addValue(refused.count())
        .addValue(refused.available() ? "refused" : "unavailable")
        .addValue((short) refused.status())
        .addValue(actor.kind().text())
        .addValue(actor.id())
        .addValue(actor.token())
        .addValue(actor.client())
        .addValue(actor.action())
        .addValue(refused.why())
        .addValue(refused.account())
        .addValue(actor.product())
        .addValue(actor.target().isEmpty() ? new String[0] : new String[] {actor.target()})
        .addValue(actor.target().isEmpty() ? 0 : 1)
        .addValue(actor.address())
        .addValue(actor.agent())
        .addValue(actor.request());
  }

  Future<List<Kept>> find(SqlConnection connection, FindAudit asked, Place place, int limit) {
    var account = asked.account();
    return connection
        .preparedQuery(account == null ? OF_PRODUCT : OF_ACCOUNT)
        .execute(
            Tuple.tuple()
                .addValue(time(asked.startMillis()))
                .addValue(time(asked.endMillis()))
                .addValue(
                    Instant.EPOCH
                        .plus(place.atMicros(), ChronoUnit.MICROS)
                        .atOffset(ZoneOffset.UTC))
                .addValue(place.id())
                .addValue(account == null ? "" : account.toString())
                .addValue(asked.product())
                .addValue(any(asked.actor()))
                .addValue(any(asked.action()))
                .addValue(any(asked.target()))
                .addValue(any(asked.outcome()))
                .addValue(limit))
        .map(
            rows -> {
              var found = new ArrayList<Kept>();
              rows.forEach(row -> found.add(kept(row)));
              return found;
            });
  }

  private static String any(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static OffsetDateTime time(long millis) {
    long least = Math.clamp(millis, 0, Place.END.atMicros() / 1_000);
    return Instant.ofEpochMilli(least).atOffset(ZoneOffset.UTC);
  }

  private static Kept kept(Row row) {
    var at = row.getOffsetDateTime("at").toInstant();
    var id = row.getUUID("id");
    var targets = List.of(row.getArrayOfStrings("targets"));
    var actor =
        new Actor(
            Actor.Kind.named(row.getString("actor_kind")).orElse(Actor.Kind.SERVICE),
            row.getString("actor"),
            row.getString("token"),
            row.getString("client"),
            row.getString("action"),
            targets.isEmpty() ? "" : targets.getFirst(),
            row.getInteger("product"),
            row.getString("address"),
            row.getString("agent"),
            row.getString("request"));
    var deed =
        new Deed(
            id.toString(),
            at.toEpochMilli(),
            row.getOffsetDateTime("until").toInstant().toEpochMilli(),
            row.getLong("occurrences"),
            row.getString("outcome"),
            row.getShort("status"),
            actor,
            row.getString("operation"),
            row.getString("account"),
            row.getInteger("product"),
            targets,
            row.getInteger("target_count"));
    return new Kept(deed, new Place(ChronoUnit.MICROS.between(Instant.EPOCH, at), id));
  }
}

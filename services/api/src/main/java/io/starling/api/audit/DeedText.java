package io.starling.api.audit;

import io.starling.api.history.Csv;
import io.starling.contract.AuditReply.Deed;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** How a deed is written. */
record DeedText(Deed deed) {
  static final List<String> COLUMNS =
      List.of(
          "at",
          "until",
          "count",
          "outcome",
          "reason",
          "status",
          "actor_kind",
          "actor",
          "token",
          "client",
          "action",
          "operation",
          "account",
          "product_id",
          "targets",
          "target_count",
          "address",
          "user_agent",
          "request_id",
          "id");

  private boolean done() {
    return deed.outcome().equals("done");
  }

  JsonObject json() {
    var actor = deed.actor();
    var json =
        new JsonObject()
            .put("id", deed.id())
            .put("at", Timestamps.of(deed.atMillis()))
            .put("until", Timestamps.of(deed.untilMillis()))
            .put("count", deed.count())
            .put("outcome", deed.outcome());
    if (!done()) {
      json.put("reason", deed.operation()).put("status", deed.status());
    }
    return json.put(
            "actor",
            new JsonObject()
                .put("kind", actor.kind().text())
                .put("id", actor.id())
                .put("token", actor.token())
                .put("client", actor.client()))
        .put("action", actor.action())
        .put("operation", done() ? deed.operation() : "")
        .put("account", deed.account())
        .put("product_id", deed.product() == 0 ? null : deed.product())
        .put("targets", new JsonArray(deed.targets()))
        .put("target_count", deed.targetCount())
        .put("address", actor.address())
        .put("user_agent", actor.agent())
        .put("request_id", actor.request());
  }

  String csv() {
    var actor = deed.actor();
    return Csv.line(
        List.of(
            Timestamps.of(deed.atMillis()),
            Timestamps.of(deed.untilMillis()),
            Long.toString(deed.count()),
            deed.outcome(),
            done() ? "" : deed.operation(),
            done() ? "" : Integer.toString(deed.status()),
            actor.kind().text(),
            actor.id(),
            actor.token(),
            actor.client(),
            actor.action(),
            done() ? deed.operation() : "",
            deed.account(),
            deed.product() == 0 ? "" : Integer.toString(deed.product()),
            String.join(" ", deed.targets()),
            Integer.toString(deed.targetCount()),
            actor.address(),
            actor.agent(),
            actor.request(),
            deed.id()));
  }
}

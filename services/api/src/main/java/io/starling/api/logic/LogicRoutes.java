package io.starling.api.logic;

import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Says that there are no logic functions. */
public final class LogicRoutes {
  private static final int NOT_IMPLEMENTED = 501;
  private static final String FUNCTIONS = "/v1/logic/functions";
  private static final String FUNCTION = FUNCTIONS + "/:function";
  private static final String RUNS = FUNCTION + "/runs";

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    var none = Answer.json(new JsonObject().put("logic_functions", new JsonArray()));
    var refused =
        Errors.error(NOT_IMPLEMENTED, "Logic functions are not offered here: use webhooks instead");
    var absent = Errors.error(404, "Logic function not found.");
    endpoints.guarded(
        HttpMethod.GET, FUNCTIONS, Scope.LOGIC_LIST, _ -> Future.succeededFuture(none));
    endpoints.guarded(
        HttpMethod.POST, FUNCTIONS, Scope.LOGIC_CREATE, _ -> Future.succeededFuture(refused));
    endpoints.guarded(
        HttpMethod.POST,
        "/v1/logic/execute",
        Scope.LOGIC_CREATE,
        _ -> Future.succeededFuture(refused));
    for (String looked : List.of(FUNCTION, RUNS, RUNS + "/:run", RUNS + "/:run/logs")) {
      endpoints.guarded(
          HttpMethod.GET, looked, Scope.LOGIC_GET, _ -> Future.succeededFuture(absent));
    }
    endpoints.guarded(
        HttpMethod.PUT, FUNCTION, Scope.LOGIC_CREATE, _ -> Future.succeededFuture(absent));
    endpoints.guarded(
        HttpMethod.DELETE, FUNCTION, Scope.LOGIC_CREATE, _ -> Future.succeededFuture(absent));
  }
}

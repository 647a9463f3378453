package io.starling.api.document;

import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** The document, as JSON and as a page; made when it is first asked for. */
public final class DocumentRoutes {
  private Answer.@Nullable Whole json;
  private Answer.@Nullable Whole page;

  /** Adds them: they tell of all routes that are added before the first request. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.GET, "/openapi.json", _ -> json(endpoints));
    endpoints.page("/docs", _ -> page(endpoints));
  }

  private Future<Answer.Whole> json(Endpoints endpoints) {
    if (json == null) {
      json = Answer.json(new ApiDocument(endpoints.routes()).json());
    }
    return Future.succeededFuture(json);
  }

  private Future<Answer.Whole> page(Endpoints endpoints) {
    if (page == null) {
      page = DocumentPage.of(new ApiDocument(endpoints.routes()));
    }
    return Future.succeededFuture(page);
  }
}

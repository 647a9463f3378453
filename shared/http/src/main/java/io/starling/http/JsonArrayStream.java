package io.starling.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;

/**
 * Answers with a JSON array of any length: made slice by slice as the reader takes it, so that a
 * long list neither fills the memory nor holds up the event loop.
 */
public final class JsonArrayStream {
  private static final int SLICE = 200;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Iterator<JsonObject> items;
  private boolean first = true;

  private JsonArrayStream(Vertx vertx, HttpServerResponse response, Iterator<JsonObject> items) {
    this.vertx = vertx;
    this.response = response;
    this.items = items;
  }

  /** Begins to answer, status 200. */
  public static Answer.Streamed begin(Vertx vertx, Exchange exchange, Iterator<JsonObject> items) {
    var response =
        exchange
            .request()
            .response()
            .setChunked(true)
            .putHeader("Cache-Control", "no-store")
            .putHeader("Content-Type", "application/json; charset=utf-8");
    // What fails here is the connection, and with it the reader.
    var _ = new JsonArrayStream(vertx, response, items).next(Buffer.buffer("["));
    return new Answer.Streamed();
  }

  private Future<Void> next(Buffer slice) {
    for (int i = 0; i < SLICE && items.hasNext(); i++) {
      if (!first) {
        slice.appendString(",");
      }
      first = false;
      slice.appendBuffer(items.next().toBuffer());
    }
    return items.hasNext()
        ? response.write(slice).compose(_ -> turn()).compose(_ -> next(Buffer.buffer()))
        : response.end(slice.appendString("]"));
  }

  /** Lets others have the event loop before the next slice. */
  private Future<Void> turn() {
    Promise<Void> promise = Promise.promise();
    vertx.runOnContext(_ -> promise.complete());
    return promise.future();
  }
}

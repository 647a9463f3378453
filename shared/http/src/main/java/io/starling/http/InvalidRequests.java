package io.starling.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is no HTTP, or has too long a head, as JSON, and hangs up. */
public final class InvalidRequests implements Handler<HttpServerRequest> {
  @Override
  public void handle(HttpServerRequest request) {
    var answer =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException _ -> Errors.error(414, "Request line too long");
          case TooLongHttpHeaderException _ -> Errors.error(431, "Request head too long");
          case null, default -> Errors.badRequest("Bad request");
        };
    request
        .response()
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.contentType())
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Connection", "close")
        .end(answer.body())
        .onComplete(
            _ -> {
              var _ = request.connection().close();
            });
  }
}

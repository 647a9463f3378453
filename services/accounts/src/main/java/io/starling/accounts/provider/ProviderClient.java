package io.starling.accounts.provider;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers for JSON: each request ends in time, follows no redirect, and reads no more than
 * 256 KiB. Each provider has connections of its own. Belongs to one event loop.
 */
final class ProviderClient {
  private static final int MAX_ANSWER_BYTES = 256 * 1024;
  private static final int CONNECTIONS = 4;
  private static final int WAITING = 64;
  private static final int OK = 200;

  private final HttpClient http;
  private final Duration limit;

  /**
   * A client.
   *
   * @param limit of one request
   */
  ProviderClient(Vertx vertx, Duration limit) {
    this.limit = limit;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) limit.toMillis())
                .setMaxRedirects(0)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /** The provider gave an answer that is of no use; it is there, at least. */
  static final class Unusable extends IOException {
    private static final long serialVersionUID = 1;

    Unusable(String why) {
      super(why);
    }
  }

  /** The provider is not there, or not in time. */
  static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1;

    Unreachable(Throwable cause) {
      super(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
    }
  }

  Future<JsonObject> get(URI url, Map<String, String> headers) {
    return ask(HttpMethod.GET, url, MultiMap.caseInsensitiveMultiMap().addAll(headers), "");
  }

  Future<JsonObject> post(URI url, Map<String, String> headers, Map<String, String> form) {
    var all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    return ask(
        HttpMethod.POST,
        url,
        all.set(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded"),
        encoded(form));
  }

  /** Parameters as a form or a query has them. */
  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Future<JsonObject> ask(HttpMethod method, URI url, MultiMap headers, String body) {
    var options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(url.toString())
            .setFollowRedirects(false)
            .setHeaders(headers.set(HttpHeaders.ACCEPT, "application/json"));
    var call = new Call();
    return http.request(options)
        .compose(request -> call.send(request, body))
        .compose(call::read)
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> call.end())
        .recover(
            cause ->
                Future.failedFuture(cause instanceof Unusable ? cause : new Unreachable(cause)));
  }

  /** One request, which is given up with its connection when it fails. */
  private static final class Call {
    private final Promise<JsonObject> answer = Promise.promise();
    private final Buffer read = Buffer.buffer();
    private @Nullable HttpClientRequest request;
    private boolean ended;

    Future<HttpClientResponse> send(HttpClientRequest opened, String body) {
      // The response's future tells all that happens; without a handler it would be logged as well.
      opened.exceptionHandler(_ -> {});
      request = opened;
      if (ended) {
        end();
        return Future.failedFuture("too late");
      }
      return body.isEmpty() ? opened.send() : opened.send(body);
    }

    Future<JsonObject> read(HttpClientResponse response) {
      response.handler(
          chunk -> {
            if (read.length() + chunk.length() > MAX_ANSWER_BYTES) {
              answer.tryFail(new Unusable("the answer is too long"));
            } else {
              read.appendBuffer(chunk);
            }
          });
      response.exceptionHandler(answer::tryFail);
      response.endHandler(_ -> whole(response.statusCode()));
      return answer.future();
    }

    private void whole(int status) {
      if (status >= 500) {
        answer.tryFail(new IOException("status " + status));
      } else if (status != OK) {
        answer.tryFail(new Unusable("status " + status));
      } else {
        try {
          answer.tryComplete(read.toJsonObject());
        } catch (DecodeException | ClassCastException _) {
          answer.tryFail(new Unusable("the answer is not JSON"));
        }
      }
    }

    void end() {
      ended = true;
      if (request != null) {
        var _ = request.reset();
      }
    }
  }
}

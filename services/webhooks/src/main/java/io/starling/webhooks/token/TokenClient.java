package io.starling.webhooks.token;

import io.starling.webhooks.connect.Clients;
import io.starling.webhooks.connect.Connector;
import io.starling.webhooks.connect.Progress;
import io.starling.webhooks.credential.ClientCredentials;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks token endpoints, which may be no more private than any other. */
final class TokenClient {
  private static final int MAX_BYTES = 64 * 1024;

  private final Connector connector;
  private final Clients clients;
  private final Duration limit;

  TokenClient(Connector connector, Clients clients, Duration limit) {
    this.connector = connector;
    this.clients = clients;
    this.limit = limit;
  }

  /** One answer, read at the latest when the time is over; fails with a text to show. */
  Future<TokenAnswer> ask(ClientCredentials credentials) {
    var lease = clients.lease(true, null);
    var under = new UnderWay();
    return connector
        .open(lease.client(), options(credentials), Progress.NONE)
        .compose(opened -> under.send(opened, Buffer.buffer(form(credentials))))
        .compose(UnderWay::read)
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(done -> under.end(done.succeeded()))
        .onComplete(_ -> lease.close())
        .recover(cause -> Future.failedFuture(reason(credentials, cause)));
  }

  private static RequestOptions options(ClientCredentials credentials) {
    var target = credentials.tokenUrl();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setSsl(target.ssl())
            .setHost(target.host())
            .setPort(target.port())
            .setURI(target.path())
            .putHeader(HttpHeaders.ACCEPT, "application/json")
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
    if (!credentials.inBody()) {
      String pair = encode(credentials.clientId()) + ":" + encode(credentials.clientSecret());
      String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      options.putHeader(HttpHeaders.AUTHORIZATION, "Basic " + basic);
    }
    return options;
  }

  private static String form(ClientCredentials credentials) {
    var form = new StringBuilder("grant_type=client_credentials");
    add(form, "scope", credentials.scope());
    add(form, "audience", credentials.audience());
    if (credentials.inBody()) {
      add(form, "client_id", credentials.clientId());
      add(form, "client_secret", credentials.clientSecret());
    }
    return form.toString();
  }

  private static void add(StringBuilder form, String name, @Nullable String value) {
    if (value != null) {
      form.append('&').append(name).append('=').append(encode(value));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String reason(ClientCredentials credentials, Throwable cause) {
    String host = credentials.tokenUrl().host();
    String message = String.valueOf(cause.getMessage());
    return "no access token: "
        + switch (cause) {
          case TimeoutException _ -> host + " does not answer in time";
          case UnknownHostException _ -> host + " is an unknown host";
          case IllegalArgumentException _ -> message.replace("url", "oauth2.tokenUrl");
          default -> host + ": " + message;
        };
  }

  /** A request, until its answer is read. */
  private static final class UnderWay {
    private @Nullable HttpClientRequest request;
    private boolean over;

    Future<HttpClientResponse> send(HttpClientRequest opened, Buffer form) {
      opened.exceptionHandler(_ -> {});
      request = opened;
      if (over) {
        end(false);
        return Future.failedFuture("too late");
      }
      return opened.send(form);
    }

    static Future<TokenAnswer> read(HttpClientResponse response) {
      Promise<TokenAnswer> whole = Promise.promise();
      var body = Buffer.buffer();
      response.handler(
          chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > MAX_BYTES) {
              whole.tryFail("the answer is too long");
              var _ = response.request().reset();
            }
          });
      response.exceptionHandler(whole::tryFail);
      response.endHandler(_ -> whole.tryComplete(TokenAnswer.of(response.statusCode(), body)));
      return whole.future();
    }

    void end(boolean isRead) {
      over = true;
      if (!isRead && request != null) {
        var _ = request.reset();
      }
    }
  }
}

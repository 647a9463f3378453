package io.starling.testing.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * What webhooks are measured by: a Vert.x HTTP client on one event loop that posts one body again
 * and again, as fast as it is answered, and does nothing else. Its arguments are the port, how many
 * requests are under way, and the body, a form.
 */
public final class BarePoster {
  private final HttpClient client;
  private final RequestOptions request;
  private final Buffer body;

  private BarePoster(HttpClient client, int port, Buffer body) {
    this.client = client;
    this.body = body;
    this.request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/")
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
  }

  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    int inFlight = Integer.parseInt(arguments[1]);
    var body = Buffer.buffer(arguments[2]);
    var vertx = Vertx.vertx();
    vertx.runOnContext(
        _ -> {
          var options = new HttpClientOptions().setTcpNoDelay(true);
          var client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(inFlight));
          var poster = new BarePoster(client, port, body);
          for (int i = 0; i < inFlight; i++) {
            poster.post();
          }
          System.out.println("ready");
        });
  }

  private void post() {
    var _ =
        client
            .request(request)
            .compose(opened -> opened.send(body))
            .compose(response -> response.end())
            .onSuccess(_ -> post())
            .onFailure(
                failure -> {
                  System.err.println("could not post: " + failure.getMessage());
                  System.exit(1);
                });
  }
}

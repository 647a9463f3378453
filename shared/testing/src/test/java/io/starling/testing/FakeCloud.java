package io.starling.testing;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of Starling's outside as the tools need, in a hundredth of the code and without a
 * promise: tokens, bulk devices, MQTT, event stream, webhooks, health, {@code demo.env}. Also a
 * process.
 */
public final class FakeCloud {
  private static final String SECRET = "5ec7e7";

  private final Vertx vertx;
  private final HttpClient webhooks;
  private final AtomicInteger made = new AtomicInteger();
  private final Set<HttpServerResponse> readers = ConcurrentHashMap.newKeySet();
  private final List<JsonObject> integrations = new CopyOnWriteArrayList<>();
  private final List<String> topics = new CopyOnWriteArrayList<>();
  private final List<MqttEndpoint> endpoints = new CopyOnWriteArrayList<>();

  private FakeCloud(Vertx vertx) {
    this.vertx = vertx;
    this.webhooks = vertx.createHttpClient();
  }

  /** Reads what the bench sets for the real server. */
  public static void main(String[] arguments) {
    var env = System.getenv();
    open(
            Vertx.vertx(),
            Path.of(env.get("STARLING_DATA")),
            Integer.parseInt(env.get("STARLING_API_PORT")),
            Integer.parseInt(env.get("STARLING_MQTT_PORT")),
            Integer.parseInt(env.get("STARLING_HEALTH_PORT")))
        .onFailure(
            failure -> {
              System.err.println(failure.getMessage());
              System.exit(1);
            });
  }

  /** Listens on these ports (0: free ones) and writes {@code demo.env} into the folder. */
  public static Future<FakeCloud> open(
      Vertx vertx, Path data, int apiPort, int mqttPort, int healthPort) {
    var cloud = new FakeCloud(vertx);
    var api = vertx.createHttpServer().requestHandler(cloud::rest);
    var options = new MqttServerOptions().setHost("127.0.0.1").setPort(mqttPort);
    var mqtt = MqttServer.create(vertx, options).endpointHandler(cloud::accept);
    return api.listen(apiPort, "127.0.0.1")
        .compose(_ -> mqtt.exceptionHandler(_ -> {}).listen())
        .map(
            _ -> {
              writeDemo(data, api.actualPort(), mqtt.actualPort());
              return cloud;
            })
        .compose(
            _ ->
                vertx
                    .createHttpServer()
                    .requestHandler(r -> r.response().end("{\"ready\":true}"))
                    .listen(healthPort, "127.0.0.1"))
        .map(cloud);
  }

  /** The topics of what was published, in the order of arrival. */
  public List<String> topics() {
    return List.copyOf(topics);
  }

  public int devicesMade() {
    return made.get();
  }

  /** Sends to all connected devices. */
  public void call(String topic, String argument) {
    for (var endpoint : endpoints) {
      endpoint.publish(topic, Buffer.buffer(argument), MqttQoS.AT_LEAST_ONCE, false, false);
    }
  }

  private static void writeDemo(Path data, int apiPort, int mqttPort) {
    var text =
        """
        # written by a fake
        API_URL=http://127.0.0.1:%d
        MQTT_URL=mqtt://127.0.0.1:%d
        ACCOUNT_EMAIL=demo@example.org
        ACCOUNT_PASSWORD='p&ss word'
        PRODUCT_ID=7
        DEVICE_ID=0123456789abcdef01234567
        DEVICE_SECRET=%s
        """
            .formatted(apiPort, mqttPort, SECRET);
    try {
      Files.createDirectories(data);
      Files.writeString(data.resolve("demo.env"), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void rest(HttpServerRequest request) {
    request.body().onSuccess(body -> answer(request, body.toString()));
  }

  private void answer(HttpServerRequest request, String body) {
    var response = request.response();
    switch (request.path()) {
      case "/oauth/token" -> {
        var right = body.contains("username=demo%40example.org&password=p%26ss+word");
        response
            .setStatusCode(right ? 200 : 400)
            .end(new JsonObject(Map.of(right ? "access_token" : "error", "t0ken")).encode());
      }
      case "/v1/products/7/devices/bulk" -> bulk(request, new JsonObject(body).getInteger("count"));
      case "/v1/integrations" -> {
        integrations.add(new JsonObject(body));
        response.setStatusCode(201).end("{\"ok\":true}");
      }
      case "/v1/devices/events" -> {
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write(":ok\n\n");
        readers.add(response);
        response.closeHandler(_ -> readers.remove(response));
      }
      default -> response.setStatusCode(404).end();
    }
  }

  private void bulk(HttpServerRequest request, int count) {
    if (count > 1_000 || !"Bearer t0ken".equals(request.getHeader("authorization"))) {
      request.response().setStatusCode(400).end("{\"error\":\"no\"}");
      return;
    }
    var devices = new JsonArray();
    for (var i = 0; i < count; i++) {
      var id = "%024x".formatted(made.incrementAndGet());
      devices.add(new JsonObject().put("id", id).put("secret", SECRET));
    }
    request.response().end(new JsonObject().put("devices", devices).encode());
  }

  private void accept(MqttEndpoint endpoint) {
    endpoint.exceptionHandler(_ -> {});
    if (endpoint.auth() == null || !SECRET.equals(endpoint.auth().getPassword())) {
      endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
      return;
    }
    endpoint.publishHandler(message -> take(endpoint, message));
    endpoint.subscribeHandler(
        s -> {
          endpoint.subscribeAcknowledge(
              s.messageId(),
              s.topicSubscriptions().stream().map(t -> t.qualityOfService()).toList());
          endpoints.add(endpoint);
        });
    endpoint.closeHandler(_ -> endpoints.remove(endpoint));
    endpoint.accept(false);
  }

  private void take(MqttEndpoint endpoint, MqttPublishMessage message) {
    var topic = message.topicName();
    if (topics.size() < 100) {
      topics.add(topic + " " + message.payload());
    }
    endpoint.publishAcknowledge(message.messageId());
    var data = new JsonObject().put("data", message.payload().toString()).encode();
    readers.forEach(reader -> reader.write("event: " + topic + "\ndata: " + data + "\n\n"));
    for (var integration : integrations) {
      if (topic.startsWith(integration.getString("event"))) {
        webhooks
            .request(
                new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setAbsoluteURI(integration.getString("url")))
            .compose(r -> r.send(data));
      }
    }
  }

  public Future<Void> close() {
    return vertx.close();
  }
}

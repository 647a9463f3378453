package io.starling.testing.workload;

import io.starling.testing.account.CloudApi;
import io.starling.testing.history.SinkLog;
import io.starling.testing.sink.Delivery;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The server of a customer: an integration posts every event of the run to it. */
public final class HookSink {
  private final WebhookSink server;
  private final CloudApi api;
  private final String integration;
  private final SinkLog log = new SinkLog("webhook", false);

  private HookSink(WebhookSink server, CloudApi api, String integration, Workload devices) {
    this.server = server;
    this.api = api;
    this.integration = integration;
    var arrival = new Arrival(devices, log);
    server.onDelivery(delivery -> receive(delivery, arrival));
  }

  /**
   * Listens and has the integration made.
   *
   * @param host where nodes reach this process
   */
  public static Future<HookSink> open(
      Vertx vertx, CloudApi api, Workload devices, String event, String host) {
    return WebhookSink.open(vertx, host, 0, 0)
        .compose(
            server ->
                api.createWebhook(event, server.url())
                    .map(made -> new HookSink(server, api, made.getString("id"), devices)));
  }

  private static void receive(Delivery delivery, Arrival arrival) {
    var form = form(delivery.text());
    arrival.note(form.getOrDefault("data", ""), form.getOrDefault("coreid", ""), delivery.nanos());
  }

  private static Map<String, String> form(String text) {
    var fields = new HashMap<String, String>();
    for (var field : text.split("&", -1)) {
      var parts = field.split("=", 2);
      if (parts.length == 2) {
        fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  public SinkLog log() {
    return log;
  }

  /** Has the integration removed, if the cloud can, and closes the server. */
  public Future<Void> close() {
    return api.delete("/v1/integrations/" + integration).otherwiseEmpty().eventually(server::close);
  }
}

package io.starling.webhooks.integration;

import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.directory.Entry;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.request.Broker;
import io.starling.webhooks.request.BucketTemplate;
import io.starling.webhooks.request.Properties;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Whether a configuration may be saved. Pure. */
final class ConfigurationRules {
  private static final int MAX_BYTES = 64 * 1024;

  /** What Particle has besides. */
  private static final Set<String> NOT_OFFERED =
      Set.of("AzureIotHub", "GoogleCloudPubSub", "GoogleMaps");

  private static final AccountId ANYBODY = new AccountId(0, 0);
  private static final IntegrationId ANY = new IntegrationId(0, 0);

  private ConfigurationRules() {}

  /** What checking came to. */
  sealed interface Checked {}

  /** It may be saved. */
  record Valid(Configuration configuration) implements Checked {}

  /** It may not, and this is what to change. */
  record Wrong(String message) implements Checked {}

  static Checked check(String text, Instant now) {
    try {
      if (text.length() > MAX_BYTES) {
        return new Wrong("the configuration is larger than 64 KiB");
      }
      return new Valid(read(new JsonObject(text), now));
    } catch (DecodeException e) {
      return new Wrong("the configuration is not a JSON object");
    } catch (IllegalArgumentException e) {
      return new Wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Configuration read(JsonObject json, Instant now) {
    var properties = new Properties(json);
    checkType(properties);
    String event =
        properties
            .text("event", "eventName")
            .orElseThrow(() -> new IllegalArgumentException("event is required"));
    if (event.getBytes(StandardCharsets.UTF_8).length > Event.MAX_NAME_BYTES) {
      throw new IllegalArgumentException("event is longer than 1024 bytes");
    }
    String url =
        properties.text("url").orElseThrow(() -> new IllegalArgumentException("url is required"));
    if (Broker.of(json) == null) {
      checkUrl(url);
    }
    boolean disabled = properties.flag("disabled", false);
    compile(event, url, json, now);
    return new Configuration(event, url, disabled, json);
  }

  /** A configuration that can be compiled is one that can be delivered by. */
  private static void compile(String event, String url, JsonObject json, Instant now) {
    var integration =
        new Entry.Integration(ANY, ANYBODY, event, url, false, json, Instant.EPOCH, null);
    Hook.of(integration).credentials().checkAt(now);
  }

  private static void checkType(Properties properties) {
    String type = properties.text("integration_type", "integrationType").orElse("Webhook");
    boolean offered =
        type.equals("Webhook")
            || type.equals(BucketTemplate.TYPE)
            || Arrays.stream(Broker.Kind.values()).anyMatch(kind -> kind.type().equals(type));
    if (!offered) {
      throw new IllegalArgumentException(
          "integration_type "
              + type
              + (NOT_OFFERED.contains(type) ? " is not offered here" : " is unknown")
              + ": Webhook, Kafka, MQTT, AMQP and S3 are");
    }
  }

  /** A templated one can only be looked at in part; the rest is looked at when it is rendered. */
  private static void checkUrl(String url) {
    String start = url.toLowerCase(Locale.ROOT);
    for (var scheme : Map.of("http://", 7, "https://", 8).entrySet()) {
      if (start.startsWith(scheme.getKey()) && start.length() > scheme.getValue()) {
        return;
      }
    }
    if (!start.startsWith("{{")) {
      throw new IllegalArgumentException("url must be absolute and start with http:// or https://");
    }
  }
}

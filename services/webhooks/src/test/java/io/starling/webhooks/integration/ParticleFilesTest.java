package io.starling.webhooks.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.webhooks.integration.ConfigurationRules.Valid;
import io.starling.webhooks.integration.ConfigurationRules.Wrong;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Webhook files in the shapes that Particle's documentation, its command line and ten years of
 * users' repositories have: with properties that nobody reads any more, with {@code null} and empty
 * texts for what is not set, with the old names.
 */
final class ParticleFilesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A file of the command line: form fields, and whose events it is for.
        """
        {"event": "chart", "url": "https://api.example.com/update", "requestType": "POST",
         "form": {"api_key": "{{k}}", "field1": "{{1}}", "lat": "{{a}}", "status": "{{s}}"},
         "mydevices": true, "noDefaults": true}
        """,
        // A question mark that is left of a query.
        """
        {"event": "chart", "url": "https://api.example.com/update?", "requestType": "POST",
         "form": {"api_key": "{{k}}"}, "mydevices": true, "noDefaults": true}
        """,
        // The old name of the event, and properties without a value.
        """
        {"eventName": "metric_", "url": "https://metrics.example.com/v1/metrics", "requestType": "POST",
         "json": {"gauges": [{"name": "{{SPARK_EVENT_NAME}}", "value": "{{SPARK_EVENT_VALUE}}", "source": "{{SPARK_CORE_ID}}"}]},
         "headers": null, "query": null, "auth": null, "mydevices": true}
        """,
        // A query with a secret, over GET.
        """
        {"event": "getColor", "url": "https://color.example.com/color.json", "requestType": "GET",
         "query": {"auth": "secret"}, "mydevices": true, "noDefaults": true}
        """,
        // An empty device, and what was meant to be in the JSON beside it.
        """
        {"event": "Alert", "url": "https://push.example.com/1/messages.json", "requestType": "POST",
         "rejectUnauthorized": true, "noDefaults": false, "headers": {"Content-Type": "application/json"},
         "json": {"token": "t", "message": "{{PARTICLE_EVENT_VALUE}}"},
         "deviceID": "", "mydevices": true, "source": "{{PARTICLE_DEVICE_ID}}", "published_at": "{{PARTICLE_PUBLISHED_AT}}"}
        """,
        // A template of an answer, with a JSON that is null.
        """
        {"event": "weather", "url": "http://api.example.com/conditions/q/PDK.json", "requestType": "POST",
         "headers": null, "query": null, "json": null, "auth": null, "mydevices": true,
         "responseTemplate": "{{#now}}{{temp_f}}~{{wind}}{{/now}}{{#days}}{{high.f}}~{{/days}}"}
        """,
        // A template of an answer that is an object, as the reference has it.
        """
        {"event": "locate", "url": "https://geo.example.com", "name": "Where is it",
         "responseTemplate": {"lat": "{{{results.0.location.lat}}}", "lng": "{{{results.0.location.lng}}}"},
         "responseTopic": "{{PARTICLE_DEVICE_ID}}/hook-response/{{PARTICLE_EVENT_NAME}}",
         "errorResponseTopic": "save_failed_for_{{PARTICLE_DEVICE_ID}}"}
        """,
        // Basic authentication, and a header of the event's time.
        """
        {"eventName": "Metric", "url": "http://example.com", "name": "Record my metric",
         "headers": {"X-Timestamp": "{{PARTICLE_PUBLISHED_AT}}"},
         "auth": {"username": "USERNAME", "password": "API_KEY"},
         "json": {"field1": "{{{indoorTemp}}}", "created_at": "{{SPARK_PUBLISHED_AT}}"}}
        """,
        // A JSON that is none before it is rendered.
        """
        {"event": "t", "url": "https://example.com", "requestType": "PUT", "json": "{\\"temp\\": {{t}} }", "noDefaults": true}
        """,
        // A body, and the content type that it needs.
        """
        {"event": "test1", "url": "http://example.com/bin", "requestType": "POST", "mydevices": true, "noDefaults": false,
         "headers": {"Content-Type": "text/json"}, "body": "{\\"a\\":{{a}},\\"anArray\\":[{{b}}]}"}
        """,
        // What the console writes.
        """
        {"name": "Custom", "event": "status", "disabled": false, "integration_type": "Webhook",
         "url": "https://example.com/devices/{{{PARTICLE_DEVICE_ID}}}", "requestType": "POST", "noDefaults": true,
         "rejectUnauthorized": false, "unchunked": false, "dataUrlResponseEvent": false, "template": "webhook",
         "headers": {"Content-Type": "application/json"},
         "json": "{\\n  \\"event\\": \\"{{{PARTICLE_EVENT_NAME}}}\\",\\n  \\"coreid\\": \\"{{{PARTICLE_DEVICE_ID}}}\\"\\n}"}
        """,
        // What the command line sends as a form: everything is text.
        """
        {"event": "slack", "url": "https://hooks.example.com/services/B1/C2", "deviceid": "3F002B000000000000000000",
         "requestType": "POST", "json": "{\\"channel\\":\\"#random\\",\\"text\\":\\"{{{SPARK_EVENT_VALUE}}}\\"}",
         "noDefaults": "true", "rejectUnauthorized": "true", "mydevices": "true"}
        """,
        // Tokens of other services that older versions of the command line passed on.
        """
        {"event": "hub", "url": "https://example.servicebus.windows.net/hub/messages", "requestType": "POST",
         "azure_sas_token": {"key_name": "RootManageSharedAccessKey", "key": "secret"},
         "json": {"id": "{{SPARK_CORE_ID}}"}, "mydevices": true}
        """,
        // Comments, and a list as the body.
        """
        {"_comment": "{{not for you}}", "event": "rows", "url": "https://example.com/rows", "requestType": "post",
         "json": [["{{a}}", 1]], "noDefaults": true, "integrationType": "Webhook"}
        """
      })
  void areAcceptedAsTheyAre(String file) {
    assertThat(ConfigurationRules.check(file, Instant.now())).isInstanceOf(Valid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GoogleCloudPubSub", "AzureIotHub", "GoogleMaps"})
  void ofOtherTypesAreToldNotToBeOffered(String type) {
    var file = new JsonObject().put("event", "t").put("integration_type", type).put("topic", "p/t");
    assertThat(ConfigurationRules.check(file.encode(), Instant.now()))
        .isEqualTo(
            new Wrong(
                "integration_type "
                    + type
                    + " is not offered here: Webhook, Kafka, MQTT, AMQP and S3 are"));
  }
}

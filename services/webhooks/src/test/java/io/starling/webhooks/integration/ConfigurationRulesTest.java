package io.starling.webhooks.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.server.TestAuthority;
import io.starling.testing.server.TestAuthority.Issued;
import io.starling.webhooks.integration.ConfigurationRules.Valid;
import io.starling.webhooks.integration.ConfigurationRules.Wrong;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigurationRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'event':'t','url':'http://h'}",
        "{'event':'t','url':'HTTPS://h:8443/p?q=1','requestType':'get'}",
        "{'event':'t','url':'http://{{{host}}}/p'}",
        "{'event':'t','url':'{{{PARTICLE_EVENT_VALUE}}}'}",
        "{'event':'t','url':'http://h','integration_type':'Webhook','deviceid':'00112233445566778899aabb'}",
        "{'event':'t','url':'http://h','json':{'a':'{{b}}'},'form':{},'body':''}",
        "{'event':'t','url':'http://h','json':'{\\\"a\\\":{{{b}}}}'}",
        "{'event':'t','url':'http://h','headers':'{\\\"a\\\":\\\"b\\\"}','noDefaults':'true'}",
        "{'event':'t','url':'http://h','ordered':'true','rate':'0.5','concurrency':2}",
        "{'event':'t','url':'http://h','batch':'{\\\"events\\\":2,\\\"millis\\\":10}','json':'[]'}",
        "{'event':'t','url':'amqps://h,g/v','integration_type':'AMQP','exchange':'{{a}}','key':'{{b}}'}",
        "{'event':'t','url':'http://h','auth':{'username':'u','password':'p'},'name':'mine'}"
      })
  void accepts(String text) {
    assertThat(ConfigurationRules.check(text.replace('\'', '"'), Instant.now()))
        .isInstanceOf(Valid.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no json | the configuration is not a JSON object",
        "[] | the configuration is not a JSON object",
        "{'url':'http://h'} | event is required",
        "{'event':'  ','url':'http://h'} | event is required",
        "{'event':{},'url':'http://h'} | event must be a text",
        "{'event':'t'} | url is required",
        "{'event':'t','url':'h/p'} | url must be absolute and start with http:// or https://",
        "{'event':'t','url':'ftp://h'} | url must be absolute and start with http:// or https://",
        "{'event':'t','url':'http://u:p@h/'} | url contains a user name: use auth for that",
        "{'event':'t','url':'http://h','requestType':'PATCH'} | requestType must be GET, POST, PUT or DELETE",
        "{'event':'t','url':'http://h','json':{'a':1},'form':{'b':2}} | only one of json, form and body may be given",
        "{'event':'t','url':'http://h','deviceID':'mine'} | deviceID must be 24 hexadecimal digits",
        "{'event':'t','url':'http://h','integration_type':'AzureIotHub'} | integration_type AzureIotHub is not offered here: Webhook, Kafka, MQTT, AMQP and S3 are",
        "{'event':'t','url':'http://h','noDefaults':'maybe'} | noDefaults must be true or false",
        "{'event':'t','url':'http://h','headers':[1]} | headers must be a JSON object",
        "{'event':'t','url':'http://h','form':'no'} | form must be a JSON object",
        "{'event':'t','url':'http://h','rate':0} | rate must be a number from 0.1 to 10000",
        "{'event':'t','url':'http://h','batch':{'events':1,'millis':10}} | batch.events must be a whole number from 2 to 1000",
        "{'event':'t','url':'http://h','batch':{'events':2,'millis':10},'form':{'a':1}} | batch needs requestType POST or PUT and a JSON body: json or the default fields",
        "{'event':'t','url':'https://h','tls':'x'} | tls must be a JSON object",
        "{'event':'t','url':'https://h','tls':{'ca':'x'}} | tls.ca is not a certificate in PEM form",
        "{'event':'t','url':'https://h','tls':{'key':'x'}} | tls.certificate and tls.key go together",
        "{'event':'t','url':'https://h','oauth2':{}} | oauth2.tokenUrl is required",
        "{'event':'t','url':'https://h','oauth2':{'tokenUrl':'ftp://h'}} | oauth2.tokenUrl: url must start with http:// or https://",
        "{'event':'t','url':'https://h','oauth2':{'tokenUrl':'https://h','clientId':'i'}} | oauth2.clientSecret is required",
        "{'event':'t','url':'https://h','auth':{'username':'u'},'oauth2':{'tokenUrl':'https://h'}} | only one of auth and oauth2 may be given"
      })
  void saysWhatToChange(String text, String message) {
    assertThat(ConfigurationRules.check(text.replace('\'', '"'), Instant.now()))
        .isEqualTo(new Wrong(message));
  }

  @Test
  void saysWhichTemplateIsNotWellFormed() {
    var configuration =
        new JsonObject().put("event", "t").put("url", "http://h").put("body", "{{#open}}");
    assertThat(ConfigurationRules.check(configuration.encode(), Instant.now()))
        .isInstanceOfSatisfying(
            Wrong.class,
            wrong ->
                assertThat(wrong.message()).startsWith("body is not a well-formed template: "));
  }

  @Test
  void keepsAllProperties() {
    var configuration =
        new JsonObject()
            .put("event", " temp ")
            .put("url", "http://h")
            .put("disabled", true)
            .put("responseTopic", "r");
    assertThat(ConfigurationRules.check(configuration.encode(), Instant.now()))
        .isEqualTo(new Valid(new Configuration("temp", "http://h", true, configuration)));
  }

  private static JsonObject secured(Issued issued, String key) {
    var tls = new JsonObject().put("certificate", issued.certificate()).put("key", key);
    return new JsonObject().put("event", "e").put("url", "https://h").put("tls", tls);
  }

  @Test
  void takesACertificateOnlyWithItsKeyAndInItsTime(@TempDir Path folder) {
    var authority = TestAuthority.make(folder);
    var issued = authority.issue("a.invalid");
    var other = authority.issue("b.invalid");
    var now = Instant.now();
    String right = secured(issued, issued.key()).encode();
    assertThat(ConfigurationRules.check(right, now)).isInstanceOf(Valid.class);
    assertThat(ConfigurationRules.check(secured(issued, other.key()).encode(), now))
        .isEqualTo(new Wrong("tls.key is not the key of tls.certificate"));
    assertThat(ConfigurationRules.check(right, now.plus(Duration.ofDays(3))))
        .isInstanceOfSatisfying(
            Wrong.class,
            wrong -> assertThat(wrong.message()).startsWith("tls.certificate has expired at "));
    assertThat(ConfigurationRules.check(right, now.minus(Duration.ofDays(3))))
        .isInstanceOfSatisfying(
            Wrong.class,
            wrong -> assertThat(wrong.message()).startsWith("tls.certificate is not valid before"));
  }
}

package io.starling.webhooks.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.webhooks.integration.ConfigurationRules.Valid;
import io.starling.webhooks.integration.ConfigurationRules.Wrong;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
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
        "{'event':'t','url':'http://h','auth':{'username':'u','password':'p'},'name':'mine'}"
      })
  void accepts(String text) {
    assertThat(ConfigurationRules.check(text.replace('\'', '"'))).isInstanceOf(Valid.class);
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
        "{'event':'t','url':'http://h','integration_type':'AzureIotHub'} | integration_type AzureIotHub is not offered here: only Webhook is",
        "{'event':'t','url':'http://h','noDefaults':'maybe'} | noDefaults must be true or false",
        "{'event':'t','url':'http://h','headers':[1]} | headers must be a JSON object",
        "{'event':'t','url':'http://h','form':'no'} | form must be a JSON object"
      })
  void saysWhatToChange(String text, String message) {
    assertThat(ConfigurationRules.check(text.replace('\'', '"'))).isEqualTo(new Wrong(message));
  }

  @Test
  void saysWhichTemplateIsNotWellFormed() {
    var configuration =
        new JsonObject().put("event", "t").put("url", "http://h").put("body", "{{#open}}");
    assertThat(ConfigurationRules.check(configuration.encode()))
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
    assertThat(ConfigurationRules.check(configuration.encode()))
        .isEqualTo(new Valid(new Configuration("temp", "http://h", true, configuration)));
  }
}

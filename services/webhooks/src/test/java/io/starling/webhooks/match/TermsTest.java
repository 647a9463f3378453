package io.starling.webhooks.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.webhooks.request.Properties;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TermsTest {
  private static Terms terms(String json) {
    return Terms.of(new Properties(new JsonObject(json)));
  }

  @Test
  void withoutThemNothingIsLimited() {
    assertThat(terms("{}")).isEqualTo(Terms.NONE);
    assertThat(terms("{'batch': '', 'rate': '', 'ordered': ''}".replace('\'', '"')))
        .isEqualTo(Terms.NONE);
  }

  @Test
  void readsValuesAndTexts() {
    var all = new Terms(true, new Terms.Batching(100, 500), 2.5, 3);
    String values =
        """
        {"ordered": true, "batch": {"events": 100, "millis": 500}, "rate": 2.5, "concurrency": 3}
        """;
    String texts =
        """
        {"ordered": "true", "batch": "{\\"events\\": \\"100\\", \\"millis\\": 500}",
         "rate": " 2.5 ", "concurrency": "3"}
        """;
    assertThat(terms(values)).isEqualTo(all);
    assertThat(terms(texts)).isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"ordered\": \"maybe\" | ordered must be true or false",
        "\"rate\": 0 | rate must be a number from 0.1 to 10000",
        "\"rate\": \"fast\" | rate must be a number from 0.1 to 10000",
        "\"rate\": 10001 | rate must be a number from 0.1 to 10000",
        "\"rate\": true | rate must be a number from 0.1 to 10000",
        "\"concurrency\": 0 | concurrency must be a whole number from 1 to 10000",
        "\"concurrency\": 1.5 | concurrency must be a whole number from 1 to 10000",
        "\"batch\": 5 | batch must be a JSON object",
        "\"batch\": \"{}\" | batch needs both events and millis: events is not there",
        "\"batch\": {\"events\": 5} | batch needs both events and millis: millis is not there",
        "\"batch\": {\"events\": 1, \"millis\": 50} | batch.events must be a whole number from 2 to 1000",
        "\"batch\": {\"events\": 2, \"millis\": 9} | batch.millis must be a whole number from 10 to 60000",
        "\"batch\": {\"events\": 2, \"millis\": 9, \"bytes\": 1} | batch has events and millis, not bytes"
      })
  void saysWhatToChange(String property, String message) {
    assertThatThrownBy(() -> terms("{" + property + "}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}

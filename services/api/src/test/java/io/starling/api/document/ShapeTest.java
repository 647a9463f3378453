package io.starling.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.Scope;
import io.starling.http.Endpoints;
import io.vertx.core.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "\"integer\"; {\"type\":\"integer\"}",
        "\"any\"; {}",
        "\"time|null\";"
            + " {\"anyOf\":[{\"type\":\"string\",\"format\":\"date-time\"},{\"type\":\"null\"}]}",
        "\"@Device\"; {\"$ref\":\"#/components/schemas/Device\"}",
        "\"'bearer'\"; {\"const\":\"bearer\"}",
        "[\"string\"]; {\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
        "{\"*\":\"string\"};"
            + " {\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
        "{\"a\":\"string\",\"b?\":\"boolean\"};"
            + " {\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},"
            + "\"b\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}",
      })
  void standsForASchema(String shape, String schema) {
    assertThat(Shape.schema(Json.decodeValue(shape))).isEqualTo(Json.decodeValue(schema));
  }

  @ParameterizedTest
  @ValueSource(strings = {"strnig", "", "string|", "int"})
  void refusesWordsThatItDoesNotKnow(String words) {
    assertThatThrownBy(() -> Shape.schema(words)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesPatternsThatDifferInNamesOnlyAsOnePath() {
    var templates =
        new Templates(
            List.of(
                route("/v1/devices/:device/:variable"),
                route("/v1/devices/:device/:function"),
                route("/v1/devices/:device/events/*"),
                route("/v1/devices")));

    assertThat(templates.path("/v1/devices/:device/:function"))
        .isEqualTo(templates.path("/v1/devices/:device/:variable"))
        .isEqualTo("/v1/devices/{device}/{function_or_variable}");
    assertThat(templates.path("/v1/devices/:device/events/*"))
        .isEqualTo("/v1/devices/{device}/events/{prefix}");
    assertThat(templates.path("/v1/devices")).isEqualTo("/v1/devices");
  }

  private static Endpoints.Route route(String pattern) {
    return new Endpoints.Route("GET", pattern, Scope.DEVICES_GET);
  }
}

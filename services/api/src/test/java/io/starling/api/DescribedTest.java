package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.Scope;
import io.starling.http.Endpoints;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A test of the test: what it lets pass, and what it says to add. */
class DescribedTest {
  private static final String JSON = "application/json; charset=utf-8";

  private final Described described =
      new Described(
          List.of(
              new Endpoints.Route("GET", "/v1/user/identify", Scope.SELF),
              new Endpoints.Route("GET", "/v1/things/:thing", Scope.DEVICES_GET)));

  private void identify(int status, String type, String body) {
    described.check("GET", "/v1/user/identify", status, type, body);
  }

  @Test
  void letsPassWhatIsDescribed() {
    assertThatCode(() -> identify(200, JSON, "{\"id\":\"a\",\"email\":\"b\"}"))
        .doesNotThrowAnyException();
    assertThatCode(() -> identify(401, JSON, "{\"error\":\"a\"}")).doesNotThrowAnyException();
    assertThatCode(() -> described.check("GET", "/v2", 404, JSON, "{}")).doesNotThrowAnyException();
    assertThat(Described.seen()).contains("Tells who asks: 200");
  }

  @Test
  void saysWhichLineToAddForARoute() {
    assertThatThrownBy(
            () -> described.check("GET", "/v1/things/a", 200, JSON, "{\"a\":[{\"b\":1},{}]}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "\"GET /v1/things/:thing\": {\"summary\": \"…\", \"replies\":"
                + " {\"200\": {\"a\":[{\"b?\":\"integer\"}]}}}");
  }

  @Test
  void saysWhichReplyToAdd() {
    assertThatThrownBy(() -> identify(202, JSON, "{\"at\":\"2026-01-02T03:04:05.678Z\"}"))
        .hasMessageContaining("\"202\": {\"at\":\"time\"}");
    assertThatThrownBy(() -> identify(200, "text/plain", "x"))
        .hasMessageContaining("\"200\": \"text\"");
  }

  @Test
  void refusesFieldsThatAreMissingOrWrongOrMore() {
    assertThatThrownBy(() -> identify(200, JSON, "{\"id\":\"a\"}")).hasMessageContaining("email");
    assertThatThrownBy(() -> identify(200, JSON, "{\"id\":1,\"email\":\"b\"}"))
        .hasMessageContaining("/id");
    assertThatThrownBy(() -> identify(200, JSON, "{\"id\":\"a\",\"email\":\"b\",\"c\":1}"))
        .hasMessageContaining("'c'");
    assertThatThrownBy(() -> identify(403, JSON, "{\"ok\":false}"))
        .hasMessageContaining("without saying why");
  }
}

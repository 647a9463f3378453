package io.starling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  private static Fields read(String body, boolean form) {
    return Fields.parse(Buffer.buffer(body), form).orElseThrow();
  }

  @Test
  void readsJson() {
    var fields =
        read(" {\"a\":\"x\",\"n\":3,\"b\":true,\"o\":{\"p\":1},\"l\":[1],\"z\":null} ", false);

    assertThat(fields.text("a")).hasValue("x");
    assertThat(fields.text("n")).hasValue("3");
    assertThat(fields.number("n")).hasValue(3L);
    assertThat(fields.text("b")).hasValue("true");
    assertThat(fields.text("o")).hasValue("{\"p\":1}");
    assertThat(fields.text("l")).hasValue("[1]");
    assertThat(fields.object("o").number("p")).hasValue(1L);
    assertThat(fields.has("z")).isTrue();
    assertThat(fields.text("z")).isEmpty();
    assertThat(fields.has("y")).isFalse();
  }

  @Test
  void readsForms() {
    var fields = read("a=x+y&b=%C3%A4%26&c=&a=second&n=12", true);

    assertThat(fields.text("a")).hasValue("x y");
    assertThat(fields.text("b")).hasValue("ä&");
    assertThat(fields.text("c")).hasValue("");
    assertThat(fields.number("n")).hasValue(12L);
    assertThat(fields.firstText("q", "c", "a")).hasValue("");
  }

  @Test
  void readsInFormsWhatWouldPartAnUrl() {
    var fields = read("arg=#ff0000&name=a/#&list=1;2", true);

    assertThat(fields.text("arg")).hasValue("#ff0000");
    assertThat(fields.text("name")).hasValue("a/#");
    assertThat(fields.text("list")).hasValue("1;2");
  }

  @Test
  void readsJsonThatClaimsToBeAForm() {
    assertThat(read("{\"a\":1}", true).number("a")).hasValue(1L);
  }

  @Test
  void readsNothingFromNothing() {
    assertThat(read("", false).all().isEmpty()).isTrue();
    assertThat(read("  ", true).all().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"a\"", "{", "{} x", "null", "{'a':1}", "\uFEFF{}x"})
  void refusesWhatIsNoObject(String body) {
    assertThat(Fields.parse(Buffer.buffer(body), false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"x\\u0000\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":[{\"b\":\"\\udca9 x\"}]}",
        "{\"a\\ud83d\":1}"
      })
  void refusesWhatNoDatabaseKeepsAsText(String body) {
    assertThat(Fields.parse(Buffer.buffer(body), false)).isEmpty();
  }

  @Test
  void readsWhatLiesBeyondTheFirstPlane() {
    assertThat(read("{\"a\":\"\\ud83d\\udca9\"}", false).text("a")).hasValue("\ud83d\udca9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "x", "", "99999999999999999999", "0x1"})
  void takesNoNumberFromWhatIsNone(String text) {
    assertThat(new Fields(new JsonObject().put("n", text)).number("n")).isEmpty();
  }

  @Test
  void handsOutACopyWithoutTheToken() {
    var fields = read("{\"access_token\":\"t\",\"a\":1}", false);

    fields.all().put("b", 2);

    assertThat(fields.all()).isEqualTo(new JsonObject().put("a", 1));
  }
}

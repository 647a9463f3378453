package io.starling.accounts.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

  /** Of the table in RFC 7396, appendix A, what is about objects. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '@',
      value = {
        "{'a':'b'}             | {'a':'c'}               | {'a':'c'}",
        "{'a':'b'}             | {'b':'c'}               | {'a':'b','b':'c'}",
        "{'a':'b'}             | {'a':null}              | {}",
        "{'a':'b','b':'c'}     | {'a':null}              | {'b':'c'}",
        "{'a':['b']}           | {'a':'c'}               | {'a':'c'}",
        "{'a':'c'}             | {'a':['b']}             | {'a':['b']}",
        "{'a':{'b':'c'}}       | {'a':{'b':'d','c':null}}| {'a':{'b':'d'}}",
        "{'a':[{'b':'c'}]}     | {'a':[1]}               | {'a':[1]}",
        "{'e':null}            | {'a':1}                 | {'e':null,'a':1}",
        "{}                    | {'a':{'bb':{'ccc':null}}}| {'a':{'bb':{}}}",
        "{'a':'x'}             | {'a':{'b':1}}           | {'a':{'b':1}}"
      })
  void isAsTheRfcHasIt(String target, String patch, String merged) {
    assertThat(MergePatch.apply(json(target), json(patch))).isEqualTo(json(merged));
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }
}

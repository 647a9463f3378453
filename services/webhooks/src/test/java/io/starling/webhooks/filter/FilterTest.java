package io.starling.webhooks.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilterTest {
  private static final String DATA =
      "{'temp':20.5,'n':3,'room':'kitchen','on':true,'none':null,'a':{'b':[{'c':'d'},7]},'list':['x',2]}";

  private static Filter filter(String source) {
    return Filter.of(new JsonObject(source.replace('\'', '"')));
  }

  private static EventData data(String text) {
    return new EventData(Buffer.buffer(text.replace('\'', '"')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'temp':20.5}",
        "{'n':3.0}",
        "{'room':'kitchen','on':true}",
        "{'none':null}",
        "{'none':{'$exists':true}}",
        "{'gone':{'$exists':false}}",
        "{'a.b.0.c':'d'}",
        "{'a':{'b.1':7}}",
        "{'a':{'b':{'0':{'c':'d'}}}}",
        "{'a':{'$eq':{'b':[{'c':'d'},7.0]}}}",
        "{'temp':{'$gt':20,'$lte':20.5}}",
        "{'temp':{'$gte':20.5,'$lt':1e3}}",
        "{'room':{'$gt':'attic','$lt':'lobby'}}",
        "{'room':{'$in':['cellar','kitchen']}}",
        "{'none':{'$in':[1,null]}}",
        "{'room':{'$nin':['cellar']}}",
        "{'gone':{'$nin':['cellar']}}",
        "{'gone':{'$ne':1}}",
        "{'temp':{'$ne':'20.5'}}",
        "{'room':{'$startsWith':'kit','$endsWith':'hen','$contains':'tch'}}",
        "{'list':{'$contains':2.0}}",
        "{'temp':{'$not':{'$gt':30}}}",
        "{'gone':{'$not':{'$gt':30}}}",
        "{'$or':[{'temp':1},{'room':'kitchen'}]}",
        "{'$and':[{'temp':20.5},{'$not':{'room':'attic'}}]}",
        "{'$data':{'$exists':true}}"
      })
  void letsThrough(String source) {
    assertThat(filter(source).matches(data(DATA))).isTrue();
    assertThat(filter(source).failing(data(DATA))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'temp':20} | temp is 20.5, wanted: 20",
        "{'temp':'20.5'} | temp is 20.5, wanted: '20.5'",
        "{'room':'Kitchen'} | room is 'kitchen', wanted: 'Kitchen'",
        "{'room':{'$gt':1}} | room is 'kitchen', wanted: {'$gt':1}",
        "{'temp':{'$gt':20,'$lt':20.5}} | temp is 20.5, wanted: {'$gt':20,'$lt':20.5}",
        "{'gone':null} | gone is missing, wanted: null",
        "{'gone':{'$in':[null]}} | gone is missing, wanted: {'$in':[null]}",
        "{'none':{'$exists':false}} | none is null, wanted: {'$exists':false}",
        "{'a.b.2':1} | a.b.2 is missing, wanted: 1",
        "{'a.b.c':1} | a.b.c is missing, wanted: 1",
        "{'n':{'$startsWith':'3'}} | n is 3, wanted: {'$startsWith':'3'}",
        "{'list':{'$contains':'2'}} | list is ['x',2], wanted: {'$contains':'2'}",
        "{'temp':20.5,'n':4} | n is 3, wanted: 4",
        "{'$or':[{'n':1},{'n':2}]} | none of $or holds: n is 3, wanted: 1; n is 3, wanted: 2",
        "{'$not':{'n':3}} | $not excludes {'n':3}"
      })
  void keepsBackAndSaysWhy(String source, String why) {
    assertThat(filter(source).matches(data(DATA))).isFalse();
    assertThat(filter(source).failing(data(DATA))).hasValue(why.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "", "21.5", "[1]", "'text'", "{'a':", "null", "\u0000\u0001"})
  void dataThatAreNoObjectMatchNoPaths(String text) {
    for (String source :
        new String[] {
          "{'a':{'$exists':false}}", "{'a':{'$ne':1}}", "{'$not':{'a':1}}", "{'$or':[{'a':1}]}"
        }) {
      assertThat(filter(source).matches(data(text))).isFalse();
      assertThat(filter(source).failing(data(text))).hasValue("the data are no JSON object");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "on | {'$data':'on'}",
        "21.5 | {'$data':{'$gt':20}}",
        "true | {'$data':true}",
        "[1,'x'] | {'$data':{'$contains':'x'}}",
        "{'a':1} | {'$data':{'$eq':{'a':1}}}",
        "ALARM 7 | {'$or':[{'$data':{'$startsWith':'ALARM'}},{'alarm':true}]}",
        "{'alarm':true} | {'$or':[{'$data':{'$startsWith':'ALARM'}},{'alarm':true}]}"
      })
  void wholeDataCanBeAskedFor(String text, String source) {
    assertThat(filter(source).matches(data(text))).isTrue();
  }

  @Test
  void pathsAskNothingOfDataThatAreNoObject() {
    var filter = filter("{'$or':[{'$data':'on'},{'a':{'$ne':1}}]}");
    assertThat(filter.matches(data("off"))).isFalse();
    assertThat(filter.matches(data("{'b':1}"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':[1]} | filter has a list: say $in for any of it, or $eq for all of it",
        "{'a':{}} | filter has an object without conditions",
        "{'$or':[]} | filter has $or with something else than a list of 1 to 100",
        "{'$and':{'a':1}} | filter has $and with something else than a list of 1 to 100",
        "{'$or':[1]} | filter has $or with something else than conditions",
        "{'$not':1} | filter has $not with something else than conditions",
        "{'a':{'$regex':'.*'}} | filter has the unknown operator $regex",
        "{'a':{'$gt':1,'b':2}} | filter has operators and names in one object: b",
        "{'$nor':[{'a':1}]} | filter has a path that is none: '$nor'",
        "{'a..b':1} | filter has a path that is none: 'a..b'",
        "{'':1} | filter has a path that is none: ''",
        "{'a':{'$gt':null}} | filter has $gt with something else than a number or a text",
        "{'a':{'$in':7}} | filter has $in with something else than a list of 1 to 100",
        "{'a':{'$exists':'yes'}} | filter has $exists with something else than true or false",
        "{'a':{'$startsWith':7}} | filter has $startsWith with something else than a text of at most 1024 characters"
      })
  void saysWhatIsNotWellFormed(String source, String why) {
    assertThatThrownBy(() -> filter(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why.replace("'", "\""));
  }

  @Test
  void isBoundedInDepthAndSize() {
    var deep = new JsonObject().put("a", 1);
    for (int i = 0; i < 8; i++) {
      deep = new JsonObject().put("$not", deep);
    }
    var tooDeep = deep;
    assertThatThrownBy(() -> Filter.of(tooDeep)).hasMessage("filter has deeper than 8 levels");
    var wide = new JsonObject();
    for (int i = 0; i <= 100; i++) {
      wide.put("a" + i, i);
    }
    assertThatThrownBy(() -> Filter.of(wide)).hasMessage("filter has more than 100 conditions");
    var operators = new JsonObject().put("$gt", 1);
    for (int i = 0; i < 50; i++) {
      operators = new JsonObject().put("$not", operators);
    }
    var nested = new JsonObject().put("a", operators);
    assertThatThrownBy(() -> Filter.of(nested)).hasMessage("filter has deeper than 8 levels");
    var list = new JsonArray();
    for (int i = 0; i <= 100; i++) {
      list.add(i);
    }
    assertThatThrownBy(
            () -> Filter.of(new JsonObject().put("a", new JsonObject().put("$in", list))))
        .hasMessage("filter has $in with something else than a list of 1 to 100");
    assertThatThrownBy(() -> Filter.of(new JsonObject().put("a", "x".repeat(1024))))
        .hasMessage("filter has a value of more than 1024 characters");
    assertThatThrownBy(() -> Filter.of(new JsonObject().put("a.".repeat(17) + "b", 1)))
        .hasMessage("filter has a path of more than 16 steps");
  }
}

package io.starling.webhooks.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.webhooks.response.ResponseTemplate.Draft;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ResponseTemplateTest {
  private static final String DEVICE = "00112233445566778899aabb";
  private static final Event EVENT =
      new Event(
          new EventId(DeviceId.of(DEVICE), 1, 1),
          Origin.DEVICE,
          new AccountId(1, 1),
          0,
          "temp/a&b",
          Buffer.buffer("{\"room\":\"attic\"}"),
          EventClass.NORMAL,
          0);

  private static List<Draft> taken(JsonObject configuration, boolean ofProduct, Buffer body) {
    return new ResponseTemplate(configuration, ofProduct)
        .taken(EVENT, new Answer(body, "image/png"));
  }

  private static List<Draft> taken(JsonObject configuration, String body) {
    return taken(configuration, false, Buffer.buffer(body));
  }

  private static List<String> names(List<Draft> drafts) {
    return drafts.stream().map(Draft::name).toList();
  }

  private static Buffer joined(List<Draft> drafts) {
    var all = Buffer.buffer();
    drafts.stream().skip(1).forEach(draft -> all.appendBuffer(draft.data()));
    return all;
  }

  @Test
  void tellsThatItWasSentAndThenWhatWasAnswered() {
    var drafts = taken(new JsonObject(), "fine");
    assertThat(names(drafts)).containsExactly("hook-sent/temp/a&b", "hook-response/temp/a&b/0");
    assertThat(drafts.getFirst().data().length()).isZero();
    assertThat(drafts.getLast().data()).isEqualTo(Buffer.buffer("fine"));
    assertThat(names(taken(new JsonObject(), ""))).containsExactly("hook-sent/temp/a&b");
  }

  @Test
  void topicsBeginWithTheDeviceBelowAProduct() {
    assertThat(names(taken(new JsonObject(), true, Buffer.buffer("a"))))
        .containsExactly("hook-sent/temp/a&b", DEVICE + "/hook-response/temp/a&b/0");
    assertThat(new ResponseTemplate(new JsonObject(), true).failed(EVENT, "why").name())
        .isEqualTo(DEVICE + "/hook-error/temp/a&b/0");
  }

  @Test
  void topicsFollowTheirTemplatesWithoutEscapes() {
    var configuration =
        new JsonObject()
            .put("responseTopic", "{{PARTICLE_EVENT_NAME}}/of/{{room}}")
            .put("errorResponseTopic", "bad/{{PARTICLE_DEVICE_ID}}");
    assertThat(names(taken(configuration, "a")).getLast()).isEqualTo("temp/a&b/of/attic/0");
    assertThat(new ResponseTemplate(configuration, false).failed(EVENT, "why"))
        .isEqualTo(new Draft(1_000, "bad/" + DEVICE + "/0", Buffer.buffer("why")));
  }

  @Test
  void longAnswersComeInPiecesThatCutNoCharacter() {
    String text = "a" + "ü€🐦".repeat(400);
    var drafts = taken(new JsonObject(), text);
    assertThat(drafts.stream().skip(1).map(draft -> draft.data().toString()).toList())
        .allSatisfy(piece -> assertThat(piece).doesNotContain("\ufffd"));
    assertThat(drafts.stream().skip(1).map(draft -> draft.data().length()))
        .allSatisfy(length -> assertThat(length).isBetween(1, 512));
    assertThat(joined(drafts).toString()).isEqualTo(text);
    assertThat(names(drafts).getLast()).isEqualTo("hook-response/temp/a&b/" + (drafts.size() - 2));
    assertThat(drafts.stream().map(Draft::number).distinct()).hasSameSizeAs(drafts);
  }

  @Test
  void bytesThatAreNoTextAreCutAnywhereAndComeAsTheyAre() {
    byte[] bytes = new byte[1_500];
    new Random(1).nextBytes(bytes);
    var drafts = taken(new JsonObject(), false, Buffer.buffer(bytes));
    assertThat(drafts.stream().skip(1).map(draft -> draft.data().length()))
        .containsExactly(512, 512, 476);
    assertThat(joined(drafts)).isEqualTo(Buffer.buffer(bytes));
  }

  @Test
  void ofAVeryLongAnswerTheBeginningIsTold() {
    String text = "a" + "ü".repeat(Answer.MAX_BYTES / 2 + 1);
    var all = taken(new JsonObject(), text);
    assertThat(joined(all).toString()).isEqualTo(text.substring(0, Answer.MAX_BYTES / 2));
    var whole = taken(new JsonObject().put("unchunked", true), text);
    assertThat(whole).hasSize(2);
    assertThat(joined(whole)).isEqualTo(joined(all));
  }

  @Test
  void aDataUrlIsOnePiece() {
    var drafts = taken(new JsonObject().put("dataUrlResponseEvent", "true"), "x".repeat(600));
    assertThat(drafts).hasSize(2);
    assertThat(drafts.getLast().data().toString()).startsWith("data:image/png;base64,eHh4");
  }

  @Test
  void aTemplateIsForAnswersInJsonOnly() {
    var configuration = new JsonObject().put("responseTemplate", "{{{a.b.1}}} {{{c}}}");
    assertThat(joined(taken(configuration, "{\"a\":{\"b\":[1,2]},\"c\":\"<d>\"}")).toString())
        .isEqualTo("2 <d>");
    assertThat(joined(taken(configuration, "{no json")).toString()).isEqualTo("{no json");
  }

  @Test
  void templatesThatAreNotWellFormedAreRefused() {
    assertThatThrownBy(
            () -> new ResponseTemplate(new JsonObject().put("responseTemplate", "{{#a}}"), false))
        .hasMessageStartingWith("responseTemplate is not a well-formed template");
    assertThatThrownBy(() -> new ResponseTemplate(new JsonObject().put("unchunked", "x"), false))
        .hasMessage("unchunked must be true or false");
  }
}

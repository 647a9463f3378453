package io.starling.api.integrations;

import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Fate;
import io.starling.contract.AttemptsReply.Hour;
import io.starling.contract.AttemptsReply.Obstacle;
import io.starling.http.Timestamps;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;

/** What became of deliveries, as the API shows it. */
final class AttemptJson {
  private AttemptJson() {}

  static <T> JsonArray list(Collection<T> all, Function<T, JsonObject> form) {
    var array = new JsonArray();
    all.forEach(one -> array.add(form.apply(one)));
    return array;
  }

  static JsonObject of(Attempt attempt) {
    var json =
        new JsonObject()
            .put("at", time(attempt.atMillis()))
            .put("event_id", attempt.event())
            .put("event", attempt.name())
            .put("device_id", attempt.device() == null ? null : attempt.device().toString())
            .put("webhook_id", attempt.webhookId())
            .put("attempt", attempt.number())
            .put("outcome", word(attempt.outcome()))
            .put("status", attempt.status() == 0 ? null : attempt.status())
            .put("error", attempt.error().isEmpty() ? null : attempt.error())
            .put("host", attempt.host())
            .put("method", attempt.method())
            .put("timing", timing(attempt));
    putAnswer(json, attempt.answer());
    return json;
  }

  private static JsonObject timing(Attempt attempt) {
    var split = attempt.split();
    return new JsonObject()
        .put("resolve", split.resolve())
        .put("connect", split.connect())
        .put("tls", split.tls())
        .put("first_byte", split.firstByte())
        .put("total", split.total());
  }

  /** As a text if it is one: the last character may be cut. */
  private static void putAnswer(JsonObject json, Buffer answer) {
    byte[] bytes = answer.getBytes();
    for (int cut = 0; cut < 4 && cut <= bytes.length; cut++) {
      boolean mayBeCut = cut == 0 || bytes.length == Attempt.MAX_ANSWER;
      if (mayBeCut) {
        try {
          var text = ByteBuffer.wrap(bytes, 0, bytes.length - cut);
          json.put("response", StandardCharsets.UTF_8.newDecoder().decode(text).toString());
          return;
        } catch (CharacterCodingException _) {
          // One character less, or none at all.
        }
      }
    }
    json.put("response_base64", Base64.getEncoder().encodeToString(bytes));
  }

  static JsonObject of(Hour hour) {
    return new JsonObject()
        .put("hour", time(hour.hourMillis()))
        .put("sent", hour.sent())
        .put("refused", hour.refused())
        .put("failed", hour.failed())
        .put("given_up", hour.givenUp());
  }

  static JsonObject of(Fate fate) {
    boolean isFor = fate.obstacle() == Obstacle.NONE;
    return new JsonObject()
        .put("id", fate.integration().toString())
        .put("matched", isFor || fate.obstacle() == Obstacle.DELETED)
        .put("reason", isFor ? null : word(fate.obstacle()))
        .put("detail", isFor ? null : fate.reason())
        .put("state", word(fate.state()))
        .put("attempts", list(fate.attempts(), AttemptJson::of));
  }

  static String time(long millis) {
    return Timestamps.of(Instant.ofEpochMilli(millis));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

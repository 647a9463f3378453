package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.standalone.Web.Ask;
import io.starling.standalone.Web.Reply;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Texts that mean something to a database, a template, a shell, a log or a browser, in every text
 * that people can send to a running server, as its own document tells: each is either refused as
 * wrong or kept as it is, and none brings machinery to an end or into the answer.
 */
class HostileTextIT {
  /** In each of them, so that it is found again wherever it went. */
  private static final String MARK = "hx7q";

  private static final List<String> HOSTILE =
      List.of(
          "hx7q'; DROP TABLE device; -- \" OR \"\"=\" %27 $1 \\",
          "hx7q<script>alert(1)</script>\"><img src=x onerror=alert(1)>",
          "hx7q\r\nX-Hx7q: y\r\n\r\n<b>",
          "../../../etc/passwd/hx7q/..%2f..",
          "hx7q\0inside",
          "hx7q" + "e".repeat(5_000));

  /** And where it is JSON that carries them. */
  private static final List<Object> HOSTILE_IN_JSON =
      List.of(
          "hx7q{{{x}}} ${jndi:ldap://127.0.0.1/a} #{7*7} {{7*7}} %s %n",
          "hx7q\u202e \ufeff\u0085\u2028 right to left",
          "hx7q\ud800 alone",
          "99999999999999999999999999",
          new JsonObject().put("a", 1),
          1e300);

  /** A word of the database's or of Java's in an answer would be machinery that shows. */
  private static final List<String> MACHINERY =
      List.of("io.starling", "java.", "PgException", "syntax error", "SQLSTATE", "accounts.");

  /** As Particle's cloud answers, and what the product does not offer. */
  private static final List<String> EXPECTED = List.of("Device is not connected", "not offered");

  @RegisterExtension static final Estate ESTATE = new Estate();

  private record Asked(String what, CompletableFuture<Reply> reply) {}

  private final List<Asked> asked = new ArrayList<>();

  private void ask(String what, Ask ask) {
    asked.add(new Asked(what, ESTATE.web().begin(ask)));
  }

  private void judgeAll() {
    assertThat(asked).hasSizeGreaterThan(300);
    asked.forEach(one -> judge(one.what(), one.reply().join()));
    allIsWell();
  }

  private static void judge(String what, Reply answer) {
    if (EXPECTED.stream().noneMatch(answer.text()::contains)) {
      assertThat(answer.status()).as(what + answer.text()).isLessThan(500);
    }
    assertThat(answer.text()).as(what).doesNotContain(MACHINERY);
    assertThat(answer.headers().map()).as(what).doesNotContainKey("x-hx7q");
    // What is taken back from who comes from a provider, and nothing else.
    assertThat(answer.headers().allValues("set-cookie"))
        .as(what)
        .allMatch(it -> it.startsWith("starling_oidc=;"));
    assertThat(answer.header("X-Content-Type-Options")).as(what).isEqualTo("nosniff");
    String type = answer.header("Content-Type");
    if (type.startsWith("text/html")) {
      assertThat(answer.text()).as(what).doesNotContain("<script", "<img", "hx7q\"");
    } else if (!answer.text().isEmpty()) {
      assertThat(type).as(what).matches("(application/json|text/plain|application/gzip).*");
    }
  }

  @Test
  void inABodyIsRefusedOrKeptAsItIs() {
    for (var operation : ESTATE.operations()) {
      for (var where : Bodies.texts(operation)) {
        if (where.isEmpty()) {
          continue;
        }
        for (Object text : Stream.concat(HOSTILE.stream(), HOSTILE_IN_JSON.stream()).toList()) {
          var body = Bodies.with(Bodies.right(operation, ESTATE.mine(), false), where, text);
          ask(operation.name() + " " + where + " " + text, request(operation, "", body));
        }
      }
    }
    judgeAll();
    whatIsKeptIsAsItWas();
  }

  @Test
  void inAFormOfAPageIsRefusedOrKeptAsItIs() {
    for (var operation : ESTATE.operations()) {
      if (operation.body() == null || !operation.open()) {
        continue;
      }
      var right = Bodies.right(operation, ESTATE.mine(), false);
      for (var where : Bodies.texts(operation)) {
        for (String text : where.size() == 1 ? HOSTILE : List.<String>of()) {
          var ask = request(operation, "", null);
          String form = form(right.copy().put(where.getFirst(), text));
          ask(
              operation.name() + " " + form,
              new Ask(ask.method(), ask.path(), ask.token(), Web.FORM, form));
        }
      }
    }
    judgeAll();
  }

  private static String form(JsonObject fields) {
    return String.join(
        "&",
        fields.stream()
            .map(it -> Web.escaped(it.getKey()) + "=" + Web.escaped(String.valueOf(it.getValue())))
            .toList());
  }

  @Test
  void inAPathOrQueryIsSomethingThatThereIsNot() {
    for (var operation : ESTATE.operations()) {
      for (String text : HOSTILE) {
        String escaped = Web.escaped(text);
        for (String what : operation.inPath()) {
          var path = operation.path().replace("{" + what + "}", escaped);
          var there =
              new Operation(
                  operation.method(), path, operation.open(), List.of(), operation.body());
          ask(there.name(), request(there, "", body(there)));
        }
        for (String name : operation.query()) {
          ask(
              operation.name() + " ?" + name + "=" + text,
              request(operation, "?" + name + "=" + escaped, body(operation)));
        }
      }
    }
    judgeAll();
    whatIsKeptIsAsItWas();
  }

  private static @Nullable JsonObject body(Operation operation) {
    return operation.body() == null || operation.open()
        ? null
        : Bodies.right(operation, ESTATE.mine(), false);
  }

  private static Ask request(Operation operation, String query, @Nullable JsonObject body) {
    var mine = ESTATE.mine();
    boolean endsAll = operation.name().equals("DELETE /v1/user");
    return Ask.of(
        operation.method(),
        mine.path(operation) + query,
        operation.open() ? "" : endsAll ? ESTATE.theirs().token() : mine.token(),
        body);
  }

  /** In all tables that there are, but for names that are made from others. */
  private static void whatIsKeptIsAsItWas() {
    var kept = new ArrayList<String>();
    for (var row : Tables.of(ESTATE.database()).all()) {
      texts(row.values()).filter(text -> text.contains(MARK)).forEach(kept::add);
    }
    assertThat(kept).isNotEmpty();
    assertThat(kept.stream().filter(text -> !isWhole(text)).distinct()).isEmpty();
  }

  /** The audit keeps the beginnings of what was asked for, with what that is before it. */
  private static boolean isWhole(String text) {
    String target = text.replaceFirst("^[a-z]+/", "");
    return target.matches("[a-z0-9-]+(\\+[0-9a-f]+@api\\.starling\\.invalid)?")
        || Stream.concat(HOSTILE.stream(), HOSTILE_IN_JSON.stream())
            .map(hostile -> hostile.toString().strip().toLowerCase(Locale.ROOT))
            .anyMatch(
                hostile ->
                    text.toLowerCase(Locale.ROOT).contains(hostile)
                        || (!target.equals(text) && hostile.startsWith(target)));
  }

  /** All texts of a value: of JSON that is kept as text or bytes, those in it. */
  private static Stream<String> texts(@Nullable Object value) {
    return switch (value) {
      case JsonObject object ->
          object.stream().flatMap(it -> Stream.concat(texts(it.getKey()), texts(it.getValue())));
      case JsonArray array -> array.stream().flatMap(HostileTextIT::texts);
      case String text when text.startsWith("\\x") ->
          texts(new String(HexFormat.of().parseHex(text.substring(2)), StandardCharsets.UTF_8));
      case String text when text.startsWith("{") || text.startsWith("[") -> inJson(text);
      case String text -> Stream.of(text);
      case null, default -> Stream.of();
    };
  }

  private static Stream<String> inJson(String text) {
    try {
      return texts(Json.decodeValue(text));
    } catch (DecodeException _) {
      return Stream.of(text);
    }
  }

  private static void allIsWell() {
    var mine = ESTATE.mine();
    var devices = ESTATE.web().ask(Ask.of("GET", "/v1/devices", mine.token(), null));
    assertThat(devices.status()).isEqualTo(200);
    assertThat(new JsonArray(devices.text())).isNotEmpty();
    String device = "/v1/devices/" + mine.thing("device");
    ESTATE.web().done("PUT", device, mine.token(), Household.json("notes", "after all that"));
    assertThat(ESTATE.server().process().output()).noneMatch(line -> line.contains("\tat "));
  }
}

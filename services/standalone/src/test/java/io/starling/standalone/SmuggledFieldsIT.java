package io.starling.standalone;

import static io.starling.standalone.Household.array;
import static io.starling.standalone.Household.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.standalone.Web.Ask;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Fields that a route does not tell of change nothing, whoever sends them along: of every route
 * that takes a body, what is written with them is what is written without.
 */
class SmuggledFieldsIT {
  private static final String ID = "f00dfacef00dfacef00dface";
  private static final String SECRET = "ca4a".repeat(10);
  private static final String TIME = "1999-09-09T09:09:09.999Z";

  /** They end what the others are about, or answer without writing anything. */
  private static final Set<String> LEFT_OUT = Set.of("DELETE /v1/user");

  /**
   * Asked here without anything done: what only a mailed link, a page, a certificate or a connected
   * device could do, what is done once only, and what refuses fields that it does not know.
   */
  private static final Set<String> WITHOUT_DOING =
      Set.of(
          "PATCH /v1/libraries/{name}",
          "POST /oauth/authorize",
          "POST /oauth/device",
          "POST /oauth/introspect",
          "POST /oauth/oidc/confirm",
          "POST /oauth/passkey",
          "POST /v1/devices/{device}/{function_or_variable}",
          "POST /v1/orgs/{org}/team",
          "POST /v1/products/{product}/authorities",
          "POST /v1/products/{product}/devices/{device}/{function_or_variable}",
          "POST /v1/provisioning/{device}",
          "POST /v1/user/email/confirm",
          "POST /v1/user/mfa-enable",
          "POST /v1/user/passkeys",
          "POST /v1/user/passkeys/options",
          "POST /v1/user/password-reset/confirm",
          "POST /v1/user/transfer/confirm",
          "PUT /v1/devices/transfers/{transfer}",
          "PUT /v1/orgs/{org}/devices/transfers/{transfer}",
          "PUT /v1/orgs/{org}/team/{username}",
          "PUT /v1/products/{product}/devices",
          "PUT /v1/products/{product}/owner",
          "PUT /v1/products/{product}/permissions",
          "PUT /v1/user/passkeys/{passkey}");

  /** What stands in these is the caller's own. */
  private static final Set<String> FREE =
      Set.of("data", "headers", "query", "auth", "account_info", "json", "form");

  /** What says whose something is, or what it may. */
  private static final Pattern TELLING =
      Pattern.compile(
          "owner|account|user|customer|product|organization|role|scope|type|platform|client");

  @RegisterExtension static final Estate ESTATE = new Estate();

  private static Household whose;
  private static Set<String> known;

  @BeforeAll
  static void furnish() {
    whose = Household.furnished(ESTATE.web(), "smuggler");
    ESTATE.theirs().asksFor(whose);
    var ids = new TreeSet<String>();
    for (var row : Tables.of(ESTATE.database()).all()) {
      row.values().stream()
          .map(Map.Entry::getValue)
          .filter(value -> String.valueOf(value).matches("[0-9a-f]{24}"))
          .forEach(value -> ids.add(value.toString()));
    }
    known = ids;
  }

  private static JsonObject smuggled() {
    var theirs = ESTATE.theirs();
    return json(
            "owner",
            theirs.email(),
            "owner_id",
            ID,
            "user",
            ID,
            "user_id",
            ID,
            "account",
            ID,
            "account_id",
            ID,
            "id",
            ID,
            "device_id",
            ID,
            "customer_id",
            ID,
            "organization",
            theirs.thing("org"),
            "organization_id",
            ID,
            "product_id",
            Integer.valueOf(theirs.thing("product")),
            "productIdOrSlug",
            theirs.thing("product"),
            "role",
            "owner",
            "scopes",
            array("*:*"),
            "admin",
            true,
            "is_programmatic",
            true,
            "program",
            true,
            "verified",
            true,
            "email_verified",
            true,
            "quarantined",
            true,
            "denied",
            true)
        .mergeIn(
            json(
                "created_at", TIME,
                "updated_at", TIME,
                "expires_at", TIME,
                "token", SECRET,
                "secret", SECRET,
                "secret_hash", SECRET,
                "password_hash", SECRET,
                "platform_id", 40_774_077,
                "public", true));
  }

  /** The body with all of these that its schema has not, also in the objects in it. */
  private static JsonObject loaded(JsonObject body, JsonObject schema) {
    var copy = body.copy();
    var properties = schema.getJsonObject("properties", new JsonObject());
    for (String name : body.fieldNames()) {
      if (body.getValue(name) instanceof JsonObject inner && !FREE.contains(name)) {
        copy.put(name, loaded(inner, properties.getJsonObject(name, new JsonObject())));
      }
    }
    smuggled()
        .forEach(
            field -> {
              if (!properties.containsKey(field.getKey()) && !copy.containsKey(field.getKey())) {
                copy.put(field.getKey(), field.getValue());
              }
            });
    return copy;
  }

  /** Of rows, what says whose they are and what they may. */
  private static Set<String> telling(List<Tables.Row> rows) {
    var told = new TreeSet<String>();
    for (var row : rows) {
      var line = new StringBuilder(row.table());
      for (String column : new TreeSet<>(row.values().fieldNames())) {
        Object value = row.values().getValue(column);
        if (value instanceof Boolean || TELLING.matcher(column).find()) {
          String text = String.valueOf(value);
          boolean fresh =
              text.matches("[0-9a-f]{24}|[0-9]{6,}|.*[0-9]{2,}.*") && !known.contains(text);
          line.append(' ').append(column).append('=').append(fresh ? "new" : text);
        }
      }
      told.add(line.toString());
    }
    return told;
  }

  private static int send(Operation operation, JsonObject body) {
    return ESTATE
        .web()
        .ask(
            Ask.of(
                operation.method(),
                whose.path(operation),
                operation.open() ? "" : whose.token(),
                body))
        .status();
  }

  /** What was written of what people and their things are; the rest is books about it. */
  private static List<Tables.Row> written(Tables after, Tables before) {
    return after.beside(before).stream()
        .filter(row -> row.table().matches("(accounts|webhooks)\\..*"))
        .filter(row -> !row.table().equals("accounts.token_use"))
        // Written as time passes, whoever asks.
        .filter(row -> !row.table().equals("webhooks.\"position\""))
        .toList();
  }

  private static List<String> marks() {
    var theirs = ESTATE.theirs();
    return List.of(
        ID,
        SECRET,
        "1999-09-09",
        "40774077",
        theirs.thing("product"),
        theirs.email(),
        theirs.thing("org"));
  }

  private static String text(Tables.Row row) {
    var values = row.values().copy();
    // An integration is kept as it was sent: what it means is read from it field by field.
    if (row.table().equals("webhooks.integration")) {
      values.remove("configuration");
    }
    return values.encode();
  }

  @Test
  void changeNothing() {
    var idle = new TreeSet<String>();
    var before = Tables.of(ESTATE.database());
    for (var operation : ESTATE.operations()) {
      var schema = operation.body();
      if (schema == null || LEFT_OUT.contains(operation.name())) {
        continue;
      }
      int plain = send(operation, Bodies.right(operation, whose, false));
      var between = Tables.of(ESTATE.database());
      int loaded = send(operation, loaded(Bodies.right(operation, whose, false), schema));
      var after = Tables.of(ESTATE.database());
      var written = written(after, between);
      if (plain >= 300 || loaded >= 300) {
        idle.add(operation.name());
      }
      assertThat(written)
          .as(operation.name())
          .noneMatch(row -> marks().stream().anyMatch(text(row)::contains));
      assertThat(telling(written(between, before)))
          .as(operation.name())
          .containsAll(telling(written));
      before = after;
    }
    idle.removeAll(WITHOUT_DOING);
    assertThat(idle).as("were not really asked").isEmpty();
  }
}

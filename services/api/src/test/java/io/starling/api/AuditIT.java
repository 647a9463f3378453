package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.AccountsReply;
import io.starling.contract.Actor;
import io.starling.contract.AuditReply;
import io.starling.contract.AuditReply.Deed;
import io.starling.contract.AuditRequest;
import io.starling.contract.AuditRequest.FindAudit;
import io.starling.contract.AuditRequest.Refusals;
import io.starling.contract.AuditRequest.StoreRefusals;
import io.starling.contract.BusMessage;
import io.starling.contract.ProductsRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit, by the API. */
class AuditIT {
  /** Less than the ten seconds for which all else is counted, on a slow machine, too. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  @RegisterExtension private final Region region = Region.start();
  private final List<AuditRequest> asked = new CopyOnWriteArrayList<>();

  private void accountsSay(Function<AuditRequest, BusMessage> answer) {
    Region.done(
        region.bus.serve(
            AuditRequest.ADDRESS,
            AuditRequest.class,
            request -> {
              asked.add(request);
              return Future.succeededFuture(answer.apply(request));
            }));
  }

  private static AuditReply.Found found(@Nullable String next, String... operations) {
    var actor =
        new Actor(
            Actor.Kind.PERSON, "a1", "beef", "particle", "PUT /v1/x", "", 77, "::1", "=x", "r1");
    return new AuditReply.Found(
        java.util.Arrays.stream(operations)
            .map(
                it ->
                    new Deed(
                        "id", 1_000, 2_000, 3, "done", 0, actor, it, "a2", 77, List.of("t/1"), 1))
            .toList(),
        next);
  }

  private List<Refusals> told() {
    await().until(() -> asked.stream().anyMatch(StoreRefusals.class::isInstance));
    return ((StoreRefusals)
            asked.stream().filter(StoreRefusals.class::isInstance).findFirst().orElseThrow())
        .refusals();
  }

  @Test
  void isReadByWhatTheQuerySays() {
    accountsSay(request -> found("9-9", "products.edit"));
    var reply =
        region
            .call(
                "GET",
                "/v1/products/77/audit?start=1000&end=2000&actor=a&action=b&target=c&outcome=done"
                    + "&cursor=d&limit=7")
            .send();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("next")).isEqualTo("9-9");
    JsonArray deeds = reply.json().getJsonArray("audit");
    assertThat(deeds.getJsonObject(0).getString("operation")).isEqualTo("products.edit");
    assertThat(asked)
        .containsExactly(new FindAudit(null, 77, 1_000, 2_000, "a", "b", "c", "done", "d", 7));

    assertThat(region.call("GET", "/v1/user/audit").send().status()).isEqualTo(200);
    assertThat(asked.getLast())
        .isEqualTo(
            new FindAudit(region.person, 0, 0, Long.MAX_VALUE, null, null, null, null, null, 100));
    assertThat(region.call("GET", "/v1/user/audit?outcome=x").send().status()).isEqualTo(400);
  }

  @Test
  void exportsAllPagesAsLines() {
    accountsSay(
        request -> ((FindAudit) request).cursor() == null ? found("2", "one") : found(null, "two"));
    var csv = region.call("GET", "/v1/user/audit").header("Accept", "text/csv").send();
    assertThat(csv.text().lines()).hasSize(3);
    assertThat(csv.text()).startsWith("at,until,").contains("one", "two", "'=x");
    var lines =
        region.call("GET", "/v1/products/77/audit").header("Accept", "application/x-ndjson").send();
    assertThat(lines.text().lines().map(JsonObject::new).map(it -> it.getString("operation")))
        .containsExactly("one", "two");
  }

  @Test
  void isUnavailableWithoutADatabase() {
    accountsSay(_ -> new AccountsReply.DatabaseDown(3));
    assertThat(region.call("GET", "/v1/user/audit").send().status()).isEqualTo(503);
  }

  @Test
  void tellsWhoWasRefusedWhat() {
    accountsSay(_ -> new AuditReply.Stored());
    for (int i = 0; i < 3; i++) {
      var reply =
          region
              .anonymous("PUT", "/v1/products/77")
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(new JsonObject().put("name", "mine"));
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("X-Request-Id")).isPresent();
    }
    assertThat(told())
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.count()).isBetween(1L, 3L);
              assertThat(refused.status()).isEqualTo(404);
              assertThat(refused.account()).isEqualTo(region.person.toString());
              assertThat(refused.actor().id()).isEqualTo(region.stranger.toString());
              assertThat(refused.actor().token()).isEqualTo("4567");
              assertThat(refused.actor().action()).isEqualTo("PUT /v1/products/:product");
              assertThat(refused.actor().product()).isEqualTo(77);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {Region.EMAIL, "nobody@example.com"})
  void tellsWhosePasswordWasWrongAndNoNamesOfWhoDoesNotExist(String name) {
    accountsSay(_ -> new AuditReply.Stored());
    assertThat(
            region
                .anonymous("POST", "/oauth/token")
                .form(
                    "grant_type=password&client_id=particle&client_secret=particle"
                        + "&password=wrong&username="
                        + name.replace("@", "%40"))
                .status())
        .isEqualTo(400);
    var told = told();
    assertThat(told)
        .extracting(Refusals::account)
        .containsExactly(name.equals(Region.EMAIL) ? region.person.toString() : "");
    assertThat(told.toString()).doesNotContain("@").doesNotContain("wrong");
  }

  private int refused(String token) {
    return region
        .anonymous("GET", "/v1/user")
        .header("Authorization", "Bearer " + token.repeat(40))
        .send()
        .status();
  }

  /** How many were told of, however often. */
  private long counted(String action) {
    return asked.stream()
        .filter(StoreRefusals.class::isInstance)
        .map(StoreRefusals.class::cast)
        .distinct()
        .flatMap(batch -> batch.refusals().stream())
        .filter(one -> one.actor().action().equals(action))
        .mapToLong(Refusals::count)
        .sum();
  }

  /** Who dies a second later has told of it. */
  @Test
  void tellsTheFirstOfAKindAtOnceWhateverWasToldBefore() {
    accountsSay(_ -> new AuditReply.Stored());
    assertThat(refused("a")).isEqualTo(401);
    await().atMost(AT_ONCE).until(() -> counted("GET /v1/user") == 1);

    assertThat(region.call("GET", "/v1/products/1").send().status()).isEqualTo(404);
    await().atMost(AT_ONCE).until(() -> counted("GET /v1/products/:product") == 1);
  }

  @Test
  void slowsNobodyWhileTheAuditIsSilent() {
    Promise<BusMessage> never = Promise.promise();
    Region.done(region.bus.serve(AuditRequest.ADDRESS, AuditRequest.class, _ -> never.future()));
    long began = System.nanoTime();
    for (int i = 0; i < 30; i++) {
      assertThat(refused("a")).isEqualTo(401);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void countsOnWhileTheDatabaseIsAwayAndTellsAllOnce() {
    var down = new AtomicBoolean(true);
    accountsSay(_ -> down.get() ? new AccountsReply.DatabaseDown(1) : new AuditReply.Stored());
    assertThat(refused("a")).isEqualTo(401);
    await().until(() -> !told().isEmpty());
    for (int i = 0; i < 29; i++) {
      assertThat(refused("a")).isEqualTo(401);
    }
    assertThat(region.call("GET", "/v1/products/1").send().status()).isEqualTo(404);
    assertThat(counted("GET /v1/products/:product")).isZero();
    asked.clear();
    down.set(false);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> counted("GET /v1/user") == 30 && counted("GET /v1/products/:product") == 1);
  }

  @Test
  void whoChangesSomethingIsToldToWhoWritesIt() {
    var actors = new CopyOnWriteArrayList<Optional<Actor>>();
    Region.done(
        region.bus.serveKnown(
            ProductsRequest.ADDRESS,
            ProductsRequest.class,
            (_, actor) -> {
              actors.add(actor);
              return Future.succeededFuture(new AccountsReply.DatabaseDown(1));
            }));
    for (int i = 0; i < 2; i++) {
      var _ =
          region
              .call("PUT", "/v1/products/77")
              .header("User-Agent", "tests")
              .json(new JsonObject().put("name", "Storms"));
    }
    assertThat(actors)
        .singleElement()
        .satisfies(
            actor -> {
              assertThat(actor.orElseThrow().id()).isEqualTo(region.person.toString());
              assertThat(actor.orElseThrow().kind()).isEqualTo(Actor.Kind.PERSON);
              assertThat(actor.orElseThrow().agent()).isEqualTo("tests");
              assertThat(actor.orElseThrow().target()).isEqualTo("product/77");
            });
  }
}

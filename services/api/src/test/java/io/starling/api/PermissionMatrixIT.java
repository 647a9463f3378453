package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.AuditReply;
import io.starling.contract.AuditRequest;
import io.starling.contract.AuditRequest.Refusals;
import io.starling.contract.AuditRequest.StoreRefusals;
import io.starling.contract.DeviceId;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.http.Endpoints;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every route against everybody who might ask, from one table ({@code permission-matrix.txt}): a
 * row has a route, the scope that it needs, and who may. The table is written by {@code
 * -Dstarling.golden=write}, and read by people: what it allows, it allows on purpose.
 *
 * <p>The accounts behind the edge answer that the database is down, so that what is allowed is seen
 * to come through and changes nothing.
 */
class PermissionMatrixIT {
  private static final Path TABLE = Path.of("src/test/resources/permission-matrix.txt");
  private static final String ACME = "acme";
  private static final String NOBODYS = "ffffffffffffffffffffffff";

  /** How a refusal is told from the answer of a route. */
  private static final List<String> REFUSALS =
      List.of(
          "Your role in this product does not allow this",
          "Your role in this organization does not allow this",
          "Organization not found.",
          "API users are not allowed to call this endpoint",
          "This client is not allowed to call this endpoint",
          "Product not found.",
          "invalid_token",
          "The access token was not found");

  private static final Set<Integer> REFUSED = Set.of(401, 403, 404);

  @RegisterExtension final Region region = Region.start();
  private final Map<Who, String> tokens = new EnumMap<>(Who.class);
  private AccountId acme;

  /** Who asks. Each has a column of the table, but for those who never may. */
  private enum Who {
    OWNER,
    ADMINISTRATOR,
    DEVELOPER,
    SUPPORT,
    VIEW_ONLY,
    CLIENT,
    /** Of the product, and has the device. */
    CUSTOMER,
    STRANGER,
    /** Of the product, and has none. */
    OTHER_CUSTOMER,
    /** Of another product. */
    FOREIGN_CUSTOMER,
    EXPIRED,
    NOBODY;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Whose token is a person's, so that it may do with what is his own as he likes. */
  private static final Set<Who> PEOPLE =
      EnumSet.complementOf(
          EnumSet.of(
              Who.CLIENT,
              Who.CUSTOMER,
              Who.OTHER_CUSTOMER,
              Who.FOREIGN_CUSTOMER,
              Who.EXPIRED,
              Who.NOBODY));

  private record Row(String method, String pattern, String scope, String who) {
    String line() {
      return String.join(" ", method, pattern, scope, who);
    }

    boolean isOfOrganization() {
      return pattern.equals("/v1/orgs/:org") || pattern.startsWith("/v1/orgs/:org/");
    }

    /** Of those that need a token. */
    boolean isOfProduct() {
      return !scope.equals("anybody")
          && (pattern.equals("/v1/products/:product")
              || pattern.startsWith("/v1/products/:product/"));
    }
  }

  private record Seen(int status, String text) {
    boolean isRefusal() {
      return REFUSALS.stream().anyMatch(text::contains);
    }
  }

  @BeforeEach
  void castTheParts() {
    tokens.put(Who.OWNER, Region.TOKEN);
    acme = region.services.organizations.make(region.person, ACME);
    for (var role : Role.values()) {
      if (role != Role.OWNER) {
        tokens.put(Who.valueOf(role.name()), member(role));
      }
    }
    tokens.put(Who.CLIENT, token(900));
    region.rows.productToken(region.person, token(900), Region.PRODUCT);
    tokens.put(Who.CUSTOMER, customer(910, Region.PRODUCT));
    tokens.put(Who.OTHER_CUSTOMER, customer(911, Region.PRODUCT));
    tokens.put(Who.FOREIGN_CUSTOMER, customer(912, Region.PRODUCT + 5));
    tokens.put(Who.STRANGER, Region.OTHER_TOKEN);
    tokens.put(Who.EXPIRED, token(901));
    region.rows.token(region.person, token(901), Instant.EPOCH);
    tokens.put(Who.NOBODY, "");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    region.services.databaseDown = true;
  }

  private String member(Role role) {
    String token = token(100 + tokens.size());
    var account = region.services.person(role.id() + "@example.com", Region.PASSWORD);
    region.rows.token(account, token, null);
    region.rows.member(Region.PRODUCT, account, role.id(), List.of());
    region.services.organizations.set(acme, account, role.id());
    return token;
  }

  private String customer(int number, int product) {
    var id = AccountId.of(DeviceId.create().toString());
    region.rows.customer(id, number + "@example.com", product);
    region.rows.productToken(id, token(number), product);
    if (number == 910) {
      region.rows.held(region.offline, id);
    }
    return token(number);
  }

  private static String token(int number) {
    return "%040x".formatted(number);
  }

  /** A path of the route, with things that there are, or with some that there are not. */
  private String path(String pattern, boolean there) {
    return pattern
        .replace(":org", there ? ACME : "nowhere")
        .replace(":product", there ? Integer.toString(Region.PRODUCT) : "1")
        .replace(":device", there ? region.offline.toString() : NOBODYS)
        .replaceAll(":[a-z_]+", there ? "thing" : "other")
        .replace("*", "x");
  }

  /** What is answered; of a stream that opens, only that it does. */
  private Seen ask(String method, String path, String token) {
    var request =
        HttpRequest.newBuilder(URI.create(region.url(path)))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      var response = region.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        boolean stream =
            response
                .headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
        return new Seen(
            response.statusCode(),
            stream ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Seen ask(Row row, Who who) {
    return ask(row.method(), path(row.pattern(), true), Objects.requireNonNull(tokens.get(who)));
  }

  private static List<Row> table() throws IOException {
    var rows = new ArrayList<Row>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        var cells = line.split(" ", 4);
        rows.add(new Row(cells[0], cells[1], cells[2], cells[3]));
      }
    }
    return rows;
  }

  private Row seen(Endpoints.Route route) {
    var scope = route.scope();
    var row =
        new Row(route.method(), route.pattern(), scope == null ? "anybody" : scope.text(), "-");
    if (scope == null) {
      return row;
    }
    var allowed = EnumSet.noneOf(Who.class);
    EnumSet.range(Who.OWNER, Who.STRANGER).stream()
        .filter(one -> !ask(row, one).isRefusal())
        .forEach(allowed::add);
    String who =
        (allowed.containsAll(PEOPLE) ? Stream.of("people") : allowed.stream().map(Who::text))
            .collect(Collectors.joining(","));
    for (var token : EnumSet.of(Who.CLIENT, Who.CUSTOMER)) {
      if (allowed.containsAll(PEOPLE) && allowed.contains(token)) {
        who += "," + token.text();
      }
    }
    return new Row(row.method(), row.pattern(), row.scope(), who.isEmpty() ? "-" : who);
  }

  @Test
  void everyRouteIsForWhomTheTableSays() throws IOException {
    var routes = region.api.routes();
    assertThat(routes).hasSizeGreaterThan(80);
    var real = routes.stream().map(this::seen).map(Row::line).distinct().sorted().toList();
    if ("write".equals(System.getProperty("starling.golden"))) {
      Files.write(TABLE, withHead(real));
    }
    assertThat(real)
        .as("a route that is new or other than it was: look whom it should be for")
        .isEqualTo(table().stream().map(Row::line).toList());
  }

  private static List<String> withHead(List<String> lines) {
    var all = new ArrayList<String>();
    all.add("# Every route, the scope that it needs, and who may ask it (PermissionMatrixIT).");
    all.addAll(lines);
    return all;
  }

  @Test
  void whatARoleMayInAProductOrOrganizationIsWhatItsRowSays() throws IOException {
    for (var row : table()) {
      if (!row.isOfProduct() && !row.isOfOrganization()) {
        continue;
      }
      var scope = Scope.named(row.scope()).orElseThrow();
      var allowed = List.of(row.who().split(","));
      for (var role : Role.values()) {
        assertThat(allowed.contains(role.id()))
            .as("%s for %s", row.line(), role)
            .isEqualTo(role.scopes().contains(scope));
      }
      assertThat(allowed).doesNotContain("stranger", "people");
      assertThat(ask(row, Who.EXPIRED).status()).isEqualTo(401);
      assertThat(ask(row, Who.NOBODY).status()).isEqualTo(400);
    }
  }

  @Test
  void aRefusalTellsAMemberWhyAndAStrangerNothing() throws IOException {
    for (var row : table()) {
      boolean ofTeam = row.isOfProduct() || row.isOfOrganization();
      if (ofTeam && !row.who().contains("view-only")) {
        assertThat(ask(row, Who.VIEW_ONLY))
            .as(row.line())
            .satisfies(
                seen -> {
                  assertThat(seen.status()).isEqualTo(403);
                  assertThat(seen.text()).contains("Your role in this");
                });
      }
    }
  }

  @Test
  void whatIsAnothersLooksLikeWhatIsNotThere() throws IOException {
    for (var who : EnumSet.of(Who.STRANGER, Who.FOREIGN_CUSTOMER)) {
      var stranger = Objects.requireNonNull(tokens.get(who));
      for (var row : table()) {
        if (row.pattern().contains(":") && !row.scope().equals("anybody")) {
          assertThat(ask(row.method(), path(row.pattern(), true), stranger))
              .as("%s for %s", row.line(), who)
              .isEqualTo(ask(row.method(), path(row.pattern(), false), stranger));
        }
      }
    }
  }

  @Test
  void anotherCustomersDeviceLooksLikeOneThatIsNotThere() throws IOException {
    var other = Objects.requireNonNull(tokens.get(Who.OTHER_CUSTOMER));
    for (var row : table()) {
      if (row.pattern().contains(":device")) {
        String there = path(row.pattern(), true);
        assertThat(ask(row.method(), there, other))
            .as(row.line())
            .isEqualTo(ask(row.method(), there.replace(region.offline.toString(), NOBODYS), other));
      }
    }
  }

  @Test
  void whatACustomerMayIsForAllCustomersOfTheProductAndBesideItForAll() throws IOException {
    for (var row : table()) {
      if (row.scope().equals("anybody")) {
        continue;
      }
      boolean may = List.of(row.who().split(",")).contains("customer");
      assertThat(ask(row, Who.OTHER_CUSTOMER).isRefusal()).as(row.line()).isEqualTo(!may);
      assertThat(ask(row, Who.FOREIGN_CUSTOMER).isRefusal())
          .as(row.line())
          .isEqualTo(!may || row.isOfProduct());
    }
  }

  @Test
  void aTokenWithScopesIsForThoseAlone() throws IOException {
    var all = Arrays.stream(Scope.values()).map(Scope::text).toList();
    var only = new LinkedHashMap<String, String>();
    var without = new LinkedHashMap<String, String>();
    for (var row : table()) {
      if (!row.isOfProduct() || only.containsKey(row.scope())) {
        continue;
      }
      int number = 2_000 + 2 * only.size();
      only.put(row.scope(), program(number, List.of(row.scope())));
      without.put(
          row.scope(),
          program(number + 1, all.stream().filter(scope -> !scope.equals(row.scope())).toList()));
    }
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    for (var row : table()) {
      if (!row.isOfProduct()) {
        continue;
      }
      String path = path(row.pattern(), true);
      assertThat(ask(row.method(), path, Objects.requireNonNull(only.get(row.scope()))).isRefusal())
          .as("only %s: %s", row.scope(), row.line())
          .isFalse();
      assertThat(ask(row.method(), path, Objects.requireNonNull(without.get(row.scope()))))
          .as("all but %s: %s", row.scope(), row.line())
          .satisfies(
              seen -> {
                assertThat(seen.status()).isEqualTo(403);
                assertThat(seen.text()).contains("API users are not allowed");
              });
    }
  }

  @Test
  void anApiUserHasNothingBesideItsProduct() throws IOException {
    var all = Arrays.stream(Scope.values()).map(Scope::text).toList();
    String token = program(3_000, all);
    region.rows.product(Region.PRODUCT + 1, "another", region.person);
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    for (var row : table()) {
      if (row.scope().equals("anybody") || row.scope().equals(Scope.TOKEN.text())) {
        continue;
      }
      if (row.isOfProduct()) {
        String other = row.pattern().replace(":product", "" + (Region.PRODUCT + 1));
        assertThat(ask(row.method(), path(other, true), token).text())
            .as(row.line())
            .contains("Product not found.");
      } else {
        assertThat(ask(row.method(), path(row.pattern(), true), token).text())
            .as(row.line())
            .contains("API users are not allowed");
      }
    }
  }

  @Test
  void anApiUserOfAnOrganizationHasThatAndItsProductsAndNothingElse() throws IOException {
    var all = Arrays.stream(Scope.values()).map(Scope::text).toList();
    String token = token(3_100);
    var id = AccountId.of(DeviceId.create().toString());
    region.rows.program(id, "3100@api.starling.invalid", "it");
    region.rows.colleague(acme, id, null, all);
    region.rows.programToken(id, token, 0, all);
    region.rows.product(Region.PRODUCT + 2, "of-acme", acme);
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    for (var row : table()) {
      if (row.scope().equals("anybody") || row.scope().equals(Scope.TOKEN.text())) {
        continue;
      }
      String its = row.pattern().replace(":product", "" + (Region.PRODUCT + 2));
      String told = ask(row.method(), path(its, true), token).text();
      if (row.isOfProduct()) {
        assertThat(new Seen(0, told).isRefusal()).as(row.line()).isFalse();
        assertThat(ask(row.method(), path(row.pattern(), true), token).text())
            .as(row.line())
            .contains("Product not found.");
      } else if (row.isOfOrganization()) {
        assertThat(new Seen(0, told).isRefusal()).as(row.line()).isFalse();
        assertThat(ask(row.method(), path(row.pattern(), false), token).text())
            .as(row.line())
            .contains("Organization not found.");
      } else {
        assertThat(told).as(row.line()).contains("API users are not allowed");
      }
    }
  }

  @Test
  void aPersonsTokenWithScopesIsForThoseAloneWithHisOwnThingsToo() throws IOException {
    String token = token(4_000);
    region.rows.token(region.person, token, null);
    region.rows.limit(token, List.of(Scope.DEVICES_LIST.text()));
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    for (var row : table()) {
      if (row.scope().equals("anybody") || row.scope().equals(Scope.TOKEN.text())) {
        continue;
      }
      assertThat(ask(row.method(), path(row.pattern(), true), token).isRefusal())
          .as(row.line())
          .isEqualTo(!row.scope().equals(Scope.DEVICES_LIST.text()));
    }
  }

  /** Whatever is refused, and also what was let in and could not be done. */
  @Test
  void everyRefusalIsToldToTheAudit() throws IOException {
    var batches = ConcurrentHashMap.<StoreRefusals>newKeySet();
    Region.done(
        region.bus.serve(
            AuditRequest.ADDRESS,
            AuditRequest.class,
            request -> {
              if (request instanceof StoreRefusals batch) {
                batches.add(batch);
                return Future.succeededFuture(new AuditReply.Stored());
              }
              return Future.succeededFuture(new AccountsReply.DatabaseDown(1));
            }));
    long refused = 0;
    for (var row : table()) {
      for (var who : EnumSet.of(Who.VIEW_ONLY, Who.STRANGER, Who.EXPIRED)) {
        int status = row.scope().equals("anybody") ? 0 : ask(row, who).status();
        boolean counts = row.method().equals("GET") ? REFUSED.contains(status) : status >= 400;
        refused += counts ? 1 : 0;
      }
    }
    Region.done(region.stopApi());

    var told = batches.stream().flatMap(batch -> batch.refusals().stream()).toList();
    assertThat(refused).isGreaterThan(400);
    assertThat(told.stream().mapToLong(Refusals::count).sum()).isEqualTo(refused);
    assertThat(told).filteredOn(one -> one.status() == 403).hasSizeGreaterThan(10);
  }

  private String program(int number, List<String> scopes) {
    String token = token(number);
    var id = AccountId.of(DeviceId.create().toString());
    region.rows.program(id, number + "@api.starling.invalid", "it");
    region.rows.member(Region.PRODUCT, id, null, scopes);
    region.rows.programToken(id, token, Region.PRODUCT, scopes);
    return token;
  }
}

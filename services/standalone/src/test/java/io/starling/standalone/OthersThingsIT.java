package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.standalone.Web.Ask;
import io.starling.standalone.Web.Reply;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is another account's looks like what is not there, to every route that takes an id: wherever
 * the id stands, also below what is one's own, in status, headers and body.
 */
class OthersThingsIT {
  @RegisterExtension static final Estate ESTATE = new Estate();

  /** These stand for nothing of an account's, or each account calls its own as it likes. */
  private static final Set<String> NO_IDS =
      Set.of("function_or_variable", "prefix", "link", "function", "run", "version", "key");

  /** What is not there is made by these. */
  private static final Set<String> MADE =
      Set.of("PUT /v1/secrets/{name}", "PUT /v1/orgs/{org}/secrets/{name}");

  private static final Set<String> IDS_IN_BODIES =
      Set.of("id", "ids", "devices", "deviceID", "product_id");

  private static final Map<String, String> IDS_IN_QUERIES =
      Map.of(
          "device", "device", "deviceId", "device", "customer", "email", "customer_email", "email");

  /** Whoever wants a device is told that it is somebody's: he may ask for it then. */
  private static final Set<String> TOLD = Set.of("POST /v1/devices id");

  /** Headers that are other ones each time; how long a body is, is seen by the body. */
  private static final List<String> PASSING =
      List.of("date: ", "x-request-id: ", "content-length: ");

  /** What households do not have, or whoever asks for it, or had before it was deleted. */
  private static final Set<String> NOT_FURNISHED =
      Set.of(
          "/libraries/",
          "/authorities/",
          "/identities/",
          "/passkeys/",
          "PUT /v1/products/{product}/owner",
          "/diagnostics/{device}/last",
          "/integrations/trace/",
          "DELETE /v1/devices/transfers/",
          "/webhooks/{integration}");

  /** Two requests that must look alike. */
  private record Pair(
      String what,
      String id,
      CompletableFuture<Reply> theirs,
      String none,
      CompletableFuture<Reply> absent) {
    String difference() {
      var one = seen(theirs.join(), id);
      var other = seen(absent.join(), none);
      if (one.equals(other)) {
        return "";
      }
      var shared = Set.copyOf(one);
      other.removeAll(shared);
      one.removeIf(it -> !other.isEmpty() && seen(absent.join(), none).contains(it));
      return "%s:%n  %s%n  %s".formatted(what, one, other);
    }

    private static List<String> seen(Reply reply, String id) {
      var all = new ArrayList<String>();
      all.add(reply.status() + " " + reply.text());
      reply.headers().map().forEach((name, values) -> all.add(name + ": " + values));
      all.removeIf(line -> PASSING.stream().anyMatch(line::startsWith));
      all.replaceAll(
          line ->
              line.replace(id, "ID")
                  // Of a history: events of the time between two questions move it.
                  .replaceAll("\"next\":(\"[^\"]*\"|null)", "NEXT")
                  .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
                  .replaceAll("(\"id\":|/)\"?\\w{24}\"", "$1NEW"));
      return all;
    }
  }

  /** An id of the same form that nothing has. */
  private static String absent(String id) {
    var text = new StringBuilder(id);
    int at = id.indexOf('@') < 0 ? id.length() : id.indexOf('@');
    for (int i = at - 1, left = 4; i >= 0 && left > 0; i--) {
      char c = id.charAt(i);
      if (Character.isLetterOrDigit(c)) {
        left--;
        text.setCharAt(i, other(c));
      }
    }
    return text.toString();
  }

  private static char other(char c) {
    if (Character.isDigit(c)) {
      return (char) ('0' + (c - '0' + 5) % 10);
    }
    return c >= 'a' && c <= 'f'
        ? (char) ('a' + (c - 'a' + 3) % 6)
        : c == 'z' ? 'x' : (char) (c + 1);
  }

  private static @Nullable JsonObject body(Operation operation, Household whose) {
    return operation.body() == null ? null : Bodies.right(operation, whose, false);
  }

  private static CompletableFuture<Reply> ask(
      Operation operation, UnaryOperator<String> named, String query, @Nullable JsonObject body) {
    String path = operation.path();
    for (String what : operation.inPath()) {
      path = path.replace("{" + what + "}", Web.escaped(named.apply(what)));
    }
    return ESTATE
        .web()
        .begin(Ask.of(operation.method(), path + query, ESTATE.mine().token(), body));
  }

  private static Pair pair(Operation operation, String what) {
    var mine = ESTATE.mine();
    String id = ESTATE.theirs().value(operation.path(), what);
    String none = absent(id);
    var body = body(operation, mine);
    return new Pair(
        operation.name() + " " + what,
        id,
        ask(operation, it -> it.equals(what) ? id : mine.value(operation.path(), it), "", body),
        none,
        ask(operation, it -> it.equals(what) ? none : mine.value(operation.path(), it), "", body));
  }

  private static List<Operation> guarded() {
    return ESTATE.operations().stream().filter(operation -> !operation.open()).toList();
  }

  private static void assertAlike(List<Pair> pairs) {
    assertThat(pairs.stream().map(Pair::difference).filter(it -> !it.isEmpty()))
        .as("told apart: another's, and what is not there")
        .isEmpty();
  }

  @Test
  void inAPathLookLikeWhatIsNotThere() {
    var before = Tables.of(ESTATE.database());
    var pairs = new ArrayList<Pair>();
    for (var operation : guarded()) {
      operation.inPath().stream()
          .filter(what -> !NO_IDS.contains(what))
          .filter(what -> !MADE.contains(operation.name()))
          .forEach(what -> pairs.add(pair(operation, what)));
    }
    assertThat(pairs).hasSizeGreaterThan(150);
    assertAlike(pairs);
    assertThat(theirs(before)).isSubsetOf(theirs(Tables.of(ESTATE.database())));
  }

  /** The rows that tell of one of their things. */
  private static List<Tables.Row> theirs(Tables tables) {
    var ids = List.of("product", "device", "email", "integration", "org", "transfer", "import");
    return tables.all().stream()
        // Written as time passes, whoever asks.
        .filter(row -> !row.table().equals("webhooks.\"position\""))
        .filter(
            row ->
                ids.stream()
                    .anyMatch(id -> row.values().encode().contains(ESTATE.theirs().thing(id))))
        .toList();
  }

  @Test
  void inABodyOrQueryLookLikeWhatIsNotThere() {
    var pairs = new ArrayList<Pair>();
    for (var operation : guarded()) {
      for (var where : Bodies.texts(operation)) {
        String field = where.isEmpty() ? "" : where.getFirst();
        if (where.size() <= 2
            && IDS_IN_BODIES.contains(field)
            && !TOLD.contains(operation.name() + " " + field)) {
          pairs.add(inBody(operation, where));
        }
      }
      for (String name : operation.query()) {
        if (IDS_IN_QUERIES.get(name) instanceof String kind) {
          pairs.add(inQuery(operation, name, kind));
        }
      }
    }
    assertThat(pairs).hasSizeGreaterThan(12);
    assertAlike(pairs);
  }

  private static Pair inBody(Operation operation, List<String> where) {
    boolean product = where.getFirst().equals("product_id");
    String id = ESTATE.theirs().thing(product ? "product" : "device");
    String none = absent(id);
    var right = Bodies.right(operation, ESTATE.mine(), false);
    UnaryOperator<String> named = it -> ESTATE.mine().value(operation.path(), it);
    // One after the other, and once before for what is one's own: all may write the same thing.
    var _ = ask(operation, named, "", right).join();
    var theirs = ask(operation, named, "", Bodies.with(right, where, id));
    var _ = theirs.join();
    var absent = ask(operation, named, "", Bodies.with(right, where, none));
    var _ = absent.join();
    return new Pair(operation.name() + " " + where, id, theirs, none, absent);
  }

  private static Pair inQuery(Operation operation, String name, String kind) {
    String id = ESTATE.theirs().thing(kind);
    String none = absent(id);
    UnaryOperator<String> named = it -> ESTATE.mine().value(operation.path(), it);
    return new Pair(
        operation.name() + " ?" + name,
        id,
        ask(operation, named, "?" + name + "=" + Web.escaped(id), null),
        none,
        ask(operation, named, "?" + name + "=" + Web.escaped(none), null));
  }

  /** That the ids of these tests are ids of something: to the one whose they are. */
  @Test
  void areThereToTheirOwner() {
    var spent = Household.furnished(ESTATE.web(), "spent");
    var order =
        Comparator.<Operation, Boolean>comparing(it -> it.method().equals("DELETE"))
            .thenComparingInt(it -> -it.path().length());
    ESTATE.mine().asksFor(spent);
    var missing = new ArrayList<String>();
    for (var operation : guarded().stream().sorted(order).toList()) {
      if (operation.inPath().stream().allMatch(NO_IDS::contains)) {
        continue;
      }
      var body = body(operation, spent);
      var there =
          ESTATE.web().ask(Ask.of(operation.method(), spent.path(operation), spent.token(), body));
      if (there.status() == 404) {
        missing.add(operation.name());
      }
    }
    assertThat(missing).allMatch(name -> NOT_FURNISHED.stream().anyMatch(name::contains));
  }
}

package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.embedded.EmbeddedDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route that needs a token and changes something leaves one row in the audit when it
 * succeeds, or one of each account that it concerns: in one server, as {@code audited-routes.txt}
 * asks it. What routes there are, the table of {@code PermissionMatrixIT} says.
 */
class AuditedRoutesIT {
  private static final Path MATRIX = Path.of("../api/src/test/resources/permission-matrix.txt");
  private static final String LINES = "/audited-routes.txt";
  private static final String PASSWORD = "long enough";
  private static final String FILE = "file:";

  /** Why some leave none, or are not asked here. */
  private static final Map<String, List<String>> EXCEPTIONS =
      Map.of(
          "for devices, or an event: no configuration",
          List.of(
              "POST /v1/devices/events",
              "POST /v1/products/:product/events",
              "POST /v1/orgs/:org/events",
              "POST /v1/devices/:device/:function",
              "POST /v1/products/:product/devices/:device/:function",
              "PUT /v1/devices/:device/ping",
              "PUT /v1/products/:product/devices/:device/ping",
              "POST /v1/diagnostics/:device/update",
              "POST /v1/products/:product/diagnostics/:device/update"),
          "one request of a webhook: no configuration",
          List.of(
              "POST /v1/webhooks/:integration/test",
              "POST /v1/integrations/:integration/test",
              "POST /v1/orgs/:org/integrations/:integration/test",
              "POST /v1/products/:product/webhooks/:integration/test",
              "POST /v1/products/:product/integrations/:integration/test"),
          "sends again what is owed: no configuration",
          List.of(
              "POST /v1/integrations/:integration/redeliver",
              "POST /v1/orgs/:org/integrations/:integration/redeliver",
              "POST /v1/products/:product/integrations/:integration/redeliver"),
          "not offered: refused, whoever asks",
          List.of(
              "POST /v1/logic/functions",
              "POST /v1/logic/execute",
              "PUT /v1/logic/functions/:function",
              "DELETE /v1/logic/functions/:function"),
          "needs one-time passwords; what it writes, the account, is followed by the feed",
          List.of("POST /v1/user/mfa-enable", "PUT /v1/user/mfa-disable"),
          "needs a provider that somebody signed in through; OidcIT looks at its row",
          List.of("DELETE /v1/user/identities/:identity"),
          "needs a passkey; PasskeysIT looks at its rows",
          List.of(
              "POST /v1/user/passkeys",
              "POST /v1/user/passkeys/options",
              "PUT /v1/user/passkeys/:passkey",
              "DELETE /v1/user/passkeys/:passkey"),
          "needs a certificate; what it writes is followed by the feed",
          List.of(
              "POST /v1/products/:product/authorities",
              "DELETE /v1/products/:product/authorities/:fingerprint"),
          "an import is over before it could be cancelled",
          List.of("DELETE /v1/products/:product/imports/:import"));

  @TempDir static Path folder;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static EmbeddedDatabase database;
  private static Server server;
  private static final Map<String, String> KNOWN = new HashMap<>();
  private static final Map<String, String> TOKENS = new HashMap<>();
  private static final Map<String, String> ACCOUNTS = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    database = EmbeddedDatabase.start(folder.resolve("database"));
    server =
        new Server(folder.resolve("data"))
            .with(database)
            .with("STARLING_API_RATE_LOGIN", "off")
            .with("STARLING_API_RATE_PEOPLE", "off")
            .start();
    var demo = server.demo();
    KNOWN.put("PRODUCT", demo.get("PRODUCT_ID"));
    KNOWN.put("DEVICE", demo.get("DEVICE_ID"));
    logIn("owner", demo.get("ACCOUNT_EMAIL"), demo.get("ACCOUNT_PASSWORD"));
    for (String who : List.of("other", "leaver")) {
      String email = who + "@example.com";
      var _ = send("", "POST", "/v1/users", "username=%s&password=long+enough".formatted(email));
      logIn(who, email, PASSWORD);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
    HTTP.close();
  }

  private static String escaped(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void logIn(String who, String email, String password) throws Exception {
    String form =
        "grant_type=password&client_id=particle&client_secret=particle&username=%s&password=%s"
            .formatted(escaped(email), escaped(password));
    var answer = new JsonObject(send("", "POST", "/oauth/token", form).body());
    TOKENS.put(who, answer.getString("access_token"));
    ACCOUNTS.put(who, account(email));
  }

  private static HttpResponse<String> send(String token, String method, String path, String body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.demo().get("API_URL") + path))
            .timeout(Duration.ofSeconds(30));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body.startsWith(FILE)) {
      return HTTP.send(
          upload(request, method, body.substring(FILE.length())),
          HttpResponse.BodyHandlers.ofString());
    }
    if (!body.isEmpty()) {
      request.header(
          "Content-Type",
          body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
    }
    return HTTP.send(
        request.method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest upload(HttpRequest.Builder request, String method, String content)
      throws Exception {
    byte[] file = content.equals("LIBRARY") ? library() : content.getBytes(StandardCharsets.UTF_8);
    String head =
        String.join(
            "\r\n",
            "--x",
            "Content-Disposition: form-data; name=\"file\"; filename=\"f\"",
            "Content-Type: application/octet-stream",
            "",
            "");
    return request
        .header("Content-Type", "multipart/form-data; boundary=x")
        .method(
            method,
            HttpRequest.BodyPublishers.ofByteArrays(
                List.of(
                    head.getBytes(StandardCharsets.UTF_8),
                    file,
                    "\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  private static byte[] library() throws IOException, InterruptedException {
    Path library = folder.resolve("library");
    Files.createDirectories(library.resolve("src"));
    Files.writeString(
        library.resolve("library.properties"),
        "name=blink\nversion=1.0.0\nauthor=Ada\narchitectures=argon\n");
    Files.writeString(library.resolve("src/blink.h"), "x");
    Path archive = folder.resolve("library.tar.gz");
    var tar =
        new ProcessBuilder(
                "tar",
                "czf",
                archive.toString(),
                "-C",
                library.toString(),
                "library.properties",
                "src/blink.h")
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    return Files.readAllBytes(archive);
  }

  /** A line of the table, with what is known by then. */
  private record Line(
      String who, String method, String path, String body, String target, String keeps) {
    static Line of(String text) {
      var columns = text.split(" ?\\| ?", 4);
      var words = columns[0].strip().split(" ", -1);
      return new Line(
          words[0],
          words[1],
          filled(words[2]),
          columns.length > 1 ? filled(columns[1]) : "",
          columns.length > 2 ? filled(columns[2]) : "",
          columns.length > 3 ? columns[3] : "");
    }

    private static String filled(String text) {
      for (var known : KNOWN.entrySet()) {
        text = text.replace("{" + known.getKey() + "}", known.getValue());
      }
      return text.strip();
    }

    /** Of how many accounts it is: what changes owner concerns two. */
    int concerned() {
      return method.equals("PUT") && path.endsWith("/owner") ? 2 : 1;
    }

    boolean prepares() {
      return !TOKENS.containsKey(who);
    }

    String token() {
      return TOKENS.getOrDefault(who, KNOWN.getOrDefault(who, ""));
    }
  }

  private static void keep(String what, String body) {
    for (String one : what.isEmpty() ? new String[0] : what.split(" ", -1)) {
      Object value = new JsonObject(body);
      for (String step : one.substring(one.indexOf('=') + 1).split("/", -1)) {
        value =
            value instanceof JsonArray array
                ? array.getValue(Integer.parseInt(step))
                : ((JsonObject) Objects.requireNonNull(value)).getValue(step);
      }
      KNOWN.put(one.substring(0, one.indexOf('=')), String.valueOf(value));
    }
  }

  private record Told(
      String outcome,
      String kind,
      String actor,
      String action,
      String address,
      String account,
      List<String> targets) {}

  private static List<Told> told(String request) throws SQLException {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var query =
            connection.prepareStatement(
                "SELECT outcome, actor_kind, actor, action, address, account, targets FROM starling.audit"
                    + " WHERE request = ?")) {
      query.setString(1, request);
      var rows = query.executeQuery();
      var told = new ArrayList<Told>();
      while (rows.next()) {
        told.add(
            new Told(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                List.of((String[]) rows.getArray(7).getArray())));
      }
      return told;
    }
  }

  private static String account(String email) throws SQLException {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var query =
            connection.prepareStatement("SELECT id FROM accounts.account WHERE email = ?")) {
      query.setString(1, email);
      var rows = query.executeQuery();
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  /** Of those that need a token and may change something. */
  private static List<String> routes() throws IOException {
    return Files.readAllLines(MATRIX).stream()
        .filter(line -> !line.startsWith("#") && !line.startsWith("GET "))
        .map(line -> line.split(" ", -1))
        .filter(words -> !words[2].equals("anybody"))
        .map(words -> words[0] + " " + words[1])
        .toList();
  }

  private static List<String> lines() throws IOException {
    try (var in = Objects.requireNonNull(AuditedRoutesIT.class.getResourceAsStream(LINES))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  private static boolean fits(String route, Line line) {
    var words = route.split(" ", -1);
    return words[0].equals(line.method())
        && line.path().matches(words[1].replaceAll(":\\w+", "[^/]+"));
  }

  /** The route that the audit tells of it. */
  private static String judge(String text, Line line, List<Told> told) {
    assertThat(told).as(text).hasSize(line.concerned());
    assertThat(told).as(text).extracting(Told::account).doesNotHaveDuplicates();
    var row = told.getFirst();
    assertThat(row.outcome()).as(text).isEqualTo("done");
    assertThat(row.kind()).as(text).isEqualTo("person");
    assertThat(row.actor()).as(text).isEqualTo(ACCOUNTS.get(line.who()));
    assertThat(row.address()).as(text).isEqualTo("127.0.0.1");
    assertThat(row.targets()).as(text).anyMatch(target -> target.startsWith(line.target()));
    assertThat(fits(row.action(), line)).as("%s: %s", text, row.action()).isTrue();
    return row.action();
  }

  @Test
  void everyWriteThatSucceedsLeavesOneRow() throws Exception {
    Set<String> seen = new HashSet<>();
    for (String text : lines()) {
      var line = Line.of(text);
      var answer = send(line.token(), line.method(), line.path(), line.body());
      assertThat(answer.statusCode()).as("%s: %s", text, answer.body()).isBetween(200, 299);
      keep(line.keeps(), answer.body());
      if (!line.prepares()) {
        String request = answer.headers().firstValue("X-Request-Id").orElseThrow();
        seen.add(judge(text, line, told(request)));
      }
    }
    var excepted = EXCEPTIONS.values().stream().flatMap(List::stream).toList();
    assertThat(routes())
        .as("routes that write: of each there is a line, or a reason why not")
        .allMatch(route -> seen.contains(route) || excepted.contains(route));
    assertThat(seen).doesNotContainAnyElementsOf(excepted);
  }
}

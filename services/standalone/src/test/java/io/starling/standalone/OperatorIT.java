package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.standalone.operator.StarlingCommand;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Received;
import io.starling.testing.client.VirtualDevice;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do from the command line, against a running server. */
class OperatorIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir static Path folder;
  private static Server server;
  private static Path token;
  private static Path password;

  @BeforeAll
  static void start() throws IOException {
    server = new Server(folder.resolve("data")).start();
    token = folder.resolve("login").resolve("token");
    password =
        Files.writeString(folder.resolve("password"), server.demo().get("ACCOUNT_PASSWORD") + "\n");
  }

  @AfterAll
  static void stop() {
    server.close();
    get(VERTX.close());
  }

  @BeforeEach
  void logIn() {
    assertThat(run("login", email(), "--password-file", password.toString()).status()).isZero();
  }

  private record Ran(int status, String out, String err) {}

  private static String email() {
    return server.demo().get("ACCOUNT_EMAIL");
  }

  private static Ran run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", "http://127.0.0.1:" + server.apiPort()));
    all.addAll(List.of("--token-file", token.toString()));
    return bare(all.toArray(String[]::new));
  }

  private static Ran bare(String... arguments) {
    return bare(new StringWriter(), arguments);
  }

  private static Ran bare(StringWriter err, String... arguments) {
    var out = new StringWriter();
    var line =
        StarlingCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true));
    return new Ran(line.execute(arguments), out.toString(), err.toString());
  }

  @Test
  void logsInByAPageWithoutAPassword() throws Exception {
    var other = folder.resolve("device").resolve("token");
    var said = new StringWriter();
    String url = "http://127.0.0.1:" + server.apiPort();
    var running =
        CompletableFuture.supplyAsync(
            () -> bare(said, "login", "--device", "--url", url, "--token-file", other.toString()));
    await().until(() -> said.toString().contains("The page must show"));
    String code = said.toString().replaceAll("(?s).*user_code=(\\S+).*", "$1");
    var allowed =
        Http.post(
            URI.create(url + "/oauth/device"),
            "decision=allow&user_code=%s&username=%s&password=%s"
                .formatted(code, encoded(email()), encoded(server.demo().get("ACCOUNT_PASSWORD"))),
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(allowed.statusCode()).isEqualTo(200);

    var ran = running.get(30, TimeUnit.SECONDS);
    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains("token_file").doesNotContain(Files.readString(other).strip());
    assertThat(bare("accounts", "show", "--url", url, "--token-file", other.toString()).out())
        .contains(email());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonObject json(Ran ran) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    return new JsonObject(ran.out());
  }

  @Test
  void keepsTheTokenWhereOnlyItsOwnerReadsIt() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(token)).matches("[0-9a-f]{40}\\n");
    var shown = run("accounts", "show");
    assertThat(shown.status()).isZero();
    assertThat(shown.out()).contains("username").contains(email());
  }

  @Test
  void takesProductsAndDevicesThroughTheirLives() {
    var product =
        json(run("products", "create", "Weather Station", "--json")).getJsonObject("product");
    String slug = product.getString("slug");
    assertThat(run("products", "list").out()).startsWith("ID ").contains(slug, "Weather Station");
    assertThat(json(run("products", "show", slug, "--json")).getJsonObject("product"))
        .isEqualTo(product);

    var created =
        json(run("devices", "create", "--product", slug, "--count", "2", "--json"))
            .getJsonArray("devices");
    String id = created.getJsonObject(0).getString("id");
    assertThat(created).hasSize(2);
    var listed = run("devices", "list", "--product", slug, "--json");
    assertThat(new JsonArray(listed.out())).hasSize(2);
    assertThat(run("devices", "show", id, "--product", slug).out()).contains(id);
    assertThat(run("devices", "ping", id, "--product", slug).status()).isEqualTo(1);

    var refused = run("products", "delete", slug);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith("starling: ").contains("(400)").hasLineCount(1);
  }

  @Test
  void speaksWithADeviceThatIsThere() {
    String id = server.demo().get("DEVICE_ID");
    var credentials = new Credentials(id, server.demo().get("DEVICE_SECRET"));
    var device = VirtualDevice.create(VERTX, DeviceOptions.of(server.target(), credentials));
    get(device.connectWithin(LIMIT));
    device.onMessage(message -> answer(device, message));
    get(
        device.publish(
            "$cloud/describe",
            Buffer.buffer("{\"functions\":[\"led\"],\"variables\":{\"temp\":\"double\"}}"),
            1));

    assertThat(run("devices", "ping", id).out()).isEqualTo("online  true\n");
    assertThat(run("devices", "call", id, "led", "on").out()).isEqualTo("1\n");
    assertThat(run("devices", "get", id, "temp").out()).isEqualTo("21.5\n");
    assertThat(run("devices", "list").out()).contains(id);
    get(device.disconnect());
    assertThat(run("devices", "call", id, "led", "on").status()).isNotZero();
    assertThat(run("devices", "release", id).out()).isEqualTo("released " + id + "\n");
    assertThat(run("devices", "claim", id).out()).isEqualTo("claimed " + id + "\n");
  }

  private static void answer(VirtualDevice device, Received message) {
    var levels = message.topic().split("/", -1);
    if (message.topic().startsWith("$cloud/call/")) {
      var _ = device.publish("$cloud/return/" + levels[3], Buffer.buffer("1"), 1);
    } else if (message.topic().startsWith("$cloud/read/")) {
      var _ = device.publish("$cloud/value/" + levels[3], Buffer.buffer("21.5"), 1);
    } else if (message.topic().startsWith("$cloud/ping/")) {
      var _ = device.publish(message.topic(), Buffer.buffer(), 1);
    }
  }

  @Test
  void tellsByItsStatusWhyItCouldNot() {
    assertThat(run("products", "show", "nope").status()).isEqualTo(1);
    assertThat(run("products", "nope").status()).isEqualTo(2);
    assertThat(run("devices").status()).isEqualTo(2);
    var nobody = bare("products", "list", "--url", "http://127.0.0.1:1");
    assertThat(nobody.status()).isEqualTo(4);
    var away =
        bare("products", "list", "--url", "http://127.0.0.1:1", "--token-file", token.toString());
    assertThat(away.status()).isEqualTo(3);
    assertThat(away.err()).contains("http://127.0.0.1:1/ cannot be reached");
  }

  @Test
  void isLoggedOutOnceItsTokenIsRevoked() throws IOException {
    String old = Files.readString(token);
    assertThat(run("tokens", "current").out()).contains("particle-cli");
    assertThat(run("tokens", "revoke").status()).isZero();
    assertThat(token).doesNotExist();
    assertThat(run("devices", "list").err()).contains("not logged in");

    Files.writeString(token, old);
    var refused = run("devices", "list");
    assertThat(refused.status()).isEqualTo(4);
    assertThat(refused.err()).doesNotContain(old.strip());
  }

  @Test
  void doesNotLogInWithAWrongPassword() throws IOException {
    var wrong = Files.writeString(folder.resolve("wrong"), "wr0ng-password");

    var refused = run("login", email(), "--password-file", wrong.toString());

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("User credentials are invalid").doesNotContain("wr0ng");
  }

  @Test
  void createsAccounts() {
    var created =
        run("accounts", "create", "new@example.org", "--password-file", password.toString());
    assertThat(created.err()).isEmpty();
    assertThat(created.out()).isEqualTo("created new@example.org\n");
    assertThat(
            run("accounts", "create", "new@example.org", "--password-file", password.toString())
                .err())
        .contains("already in use");
  }

  @Test
  void tellsHowNodesAre() {
    String node = "http://127.0.0.1:" + server.healthPort();
    var up = bare("health", "--node", node);
    assertThat(up.status()).isZero();
    assertThat(up.out()).contains("PART").contains("journal").contains("database");

    var down = bare("health", "--node", node + ",http://127.0.0.1:1");
    assertThat(down.status()).isEqualTo(1);
    assertThat(down.out()).contains("127.0.0.1:1 ").contains("unreachable");
  }

  @Test
  void letsAShellCompleteItsCommands() throws Exception {
    var script = Files.writeString(folder.resolve("completion"), bare("completion").out());
    assertThat(script).content().contains("devices", "products", "journal");

    var shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "source '%s'; COMP_WORDS=(starling prod); COMP_CWORD=1; _complete_starling;"
                        .formatted(script)
                    + " echo \"${COMPREPLY[*]}\"")
            .redirectErrorStream(true)
            .start();
    assertThat(shell.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("products");
    assertThat(shell.waitFor()).isZero();
  }
}

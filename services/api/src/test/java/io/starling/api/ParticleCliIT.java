package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Particle's own command line, unmodified, against the edge. */
class ParticleCliIT {
  private static Path modules;
  @RegisterExtension private final Region region = Region.start();
  @TempDir private Path home;
  private String device;
  private ParticleCli cli;

  @BeforeAll
  static void install() {
    modules = NpmClients.folder();
  }

  @BeforeEach
  void logIn() {
    device = region.online.toString();
    cli = new ParticleCli(modules, home, region.url(""), Region.TOKEN);
  }

  private String ok(String... arguments) {
    return ok(cli.run(arguments));
  }

  private static String ok(NpmClients.Ended ended) {
    assertThat(ended.status()).as(ended.out()).isZero();
    return ended.out();
  }

  private String refused(String... arguments) {
    var ended = cli.run(arguments);
    assertThat(ended.status()).as(ended.out()).isNotZero();
    return ended.out();
  }

  @Test
  void logsInByPasswordAndOut() {
    cli.profile(null);
    assertThat(refused("login", "--username", Region.EMAIL, "--password", "wrong"))
        .contains("User credentials are invalid");

    var _ = ok("login", "--username", Region.EMAIL, "--password", Region.PASSWORD);
    assertThat(cli.profile().getString("access_token")).matches("[0-9a-f]{40}");
    assertThat(ok("whoami")).isEqualTo("> " + Region.EMAIL);

    var _ = ok("logout");
    assertThat(cli.profile().getString("access_token")).isNull();
  }

  @Test
  void logsInWithAOneTimePassword() {
    var _ =
        region
            .call("POST", "/v1/user/mfa-enable")
            .form("mfa_token=" + FakePeople.MFA_TOKEN + "&otp=" + FakePeople.OTP);
    cli.profile(null);

    var _ = ok("login", "-u", Region.EMAIL, "-p", Region.PASSWORD, "--otp", FakePeople.OTP);

    assertThat(cli.profile().getString("access_token")).matches("[0-9a-f]{40}");
  }

  @Test
  void takesMakesAndRevokesTokens() {
    cli.profile(null);
    var _ = ok("login", "--token", Region.TOKEN);
    assertThat(cli.profile().getString("username")).isEqualTo(Region.EMAIL);

    var made = ok(cli.runAtTerminal(Region.PASSWORD, "token", "create", "--never-expires"));
    assertThat(made).contains("never expires");
    assertThat(ok(cli.runAtTerminal(Region.PASSWORD, "token", "create", "--expires-in", "3600")))
        .contains("expires on");
    var lines = made.lines().toList();
    var token = lines.getLast().strip();
    assertThat(ok("token", "revoke", token)).contains("Successfully revoked");
  }

  @Test
  void showsDevicesAndWhatTheyOffer() {
    var lists = cli.both(List.of("list"), List.of("list", "online"));
    assertThat(ok(lists.getFirst())).contains("kitchen", "int led (", "temp (double)", "attic");
    assertThat(ok(lists.getLast())).contains("kitchen").doesNotContain("attic");

    assertThat(ok("list", "attic")).contains("attic").doesNotContain("kitchen");

    lists = cli.both(List.of("function", "list"), List.of("variable", "list"));
    assertThat(ok(lists.getFirst())).contains("int led (");
    assertThat(ok(lists.getLast())).contains("temp (double)");
  }

  @Test
  void addsRenamesAndRemovesDevices() {
    var added =
        cli.both(List.of("device", "add", device), List.of("device", "add", "f".repeat(24)));
    assertThat(ok(added.getFirst())).contains("Successfully claimed device " + device);
    assertThat(added.getLast().out()).contains("device does not exist");

    assertThat(ok("device", "rename", device, "cellar")).contains("cellar");
    var removed =
        cli.both(
            List.of("device", "rename", region.foreign.toString(), "mine"),
            List.of("device", "remove", region.offline.toString(), "--yes"));
    assertThat(removed.getFirst().out()).contains("Permission Denied");
    assertThat(ok(removed.getLast())).contains("Okay!");
  }

  @Test
  void callsReadsAndSignals() {
    var calls =
        cli.both(List.of("call", device, "led", "on"), List.of("call", device, "nothing", "on"));
    assertThat(ok(calls.getFirst())).isEqualTo("2");
    assertThat(calls.getLast().out()).contains("Function `nothing` not found");

    var reads =
        cli.both(
            List.of("get", device, "temp"), List.of("variable", "get", device, "temp", "--time"));
    assertThat(ok(reads.getFirst())).isEqualTo("21.5");
    assertThat(ok(reads.getLast())).contains("21.5").containsPattern("20[0-9]{2}-[0-9]{2}-");
    var signals = cli.both(List.of("nyan", device, "on"), List.of("nyan", device, "off"));
    signals.forEach(each -> assertThat(ok(each)).isEmpty());
  }

  @Test
  void monitorsAVariable() {
    var monitor = cli.start("variable", "monitor", device, "temp", "--delay", "500");
    try (var lines = monitor.inputReader()) {
      assertThat(lines.lines().filter(line -> line.contains("21.5")).limit(2)).hasSize(2);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      monitor.destroy();
    }
  }

  @Test
  void publishesEvents() {
    String product = Integer.toString(Region.PRODUCT);
    var published =
        cli.both(
            List.of("publish", "temp", "25"),
            List.of("publish", "humidity", "40", "--product", product));
    published.forEach(each -> assertThat(ok(each)).contains("Published private event"));

    assertThat(region.relay.journal)
        .extracting(event -> event.name() + " " + event.data())
        .containsExactlyInAnyOrder("temp 25", "humidity 40");
  }

  @Test
  void subscribesToEvents() {
    String product = Integer.toString(Region.PRODUCT);
    var mine = cli.start("subscribe", "temp", "--max", "1");
    var ofDevice = cli.start("subscribe", "--device", device, "--max", "1");
    showUntilEnded(mine);
    showUntilEnded(ofDevice);
    var ofProduct = cli.start("subscribe", "temp", "--product", product, "--max", "1");
    showUntilEnded(ofProduct);

    for (var subscriber : List.of(mine, ofDevice, ofProduct)) {
      assertThat(ok(NpmClients.ended(subscriber)))
          .contains("\"name\":\"temp\"", "\"data\":\"25.3\"", device);
    }
  }

  private void showUntilEnded(Process subscriber) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              region.show(region.online, "temp", "25.3");
              return !subscriber.isAlive();
            });
  }

  @Test
  void keepsWebhooks() {
    String url = "https://example.com/hook";
    Path file =
        cli.file(
            "hook.json",
            new JsonObject().put("event", "door").put("url", url).put("noDefaults", true).encode());
    var made =
        cli.both(
            List.of("webhook", "create", "temp", url),
            List.of("webhook", "create", file.toString()));
    made.forEach(each -> assertThat(ok(each)).contains("Successfully created webhook"));
    made = cli.both(List.of("webhook", "POST", "a", url), List.of("webhook", "GET", "b", url));
    made.forEach(each -> assertThat(ok(each)).contains("Successfully created webhook"));

    var hooks = region.call("GET", "/v1/webhooks").send().array();
    assertThat(hooks.stream().map(JsonObject.class::cast).map(ParticleCliIT::told))
        .containsExactlyInAnyOrder("temp POST", "door POST noDefaults", "a POST", "b GET");
    assertThat(ok("webhook", "list")).contains("Found 4 hooks", "watching for \"temp\"", url);

    String id = hooks.getJsonObject(0).getString("id");
    var deleted =
        cli.both(List.of("webhook", "delete", id), List.of("webhook", "delete", "0".repeat(24)));
    assertThat(ok(deleted.getFirst())).contains("Successfully deleted webhook");
    assertThat(deleted.getLast().out()).contains("Webhook not found");
  }

  private static String told(JsonObject hook) {
    boolean bare = hook.getBoolean("noDefaults", false);
    return hook.getString("event")
        + " "
        + hook.getString("requestType", "POST")
        + (bare ? " noDefaults" : "");
  }

  @Test
  void keepsSecrets() {
    assertThat(ok("secrets", "create", "--name", "API_KEY", "--value", "open sesame"))
        .contains("Secret API_KEY created successfully.");
    var looked =
        cli.both(List.of("secrets", "list"), List.of("secrets", "get", "--name", "API_KEY"));
    looked.forEach(
        each ->
            assertThat(ok(each))
                .contains("API_KEY", "Never accessed")
                .doesNotContain("open sesame"));
    assertThat(ok("secrets", "update", "--name", "API_KEY", "--value", "shut sesame"))
        .contains("Secret API_KEY updated successfully.");
    assertThat(region.services.secrets.values()).containsExactly("shut sesame");
    assertThat(ok("secrets", "remove", "--name", "API_KEY"))
        .contains("Secret API_KEY removed successfully.");
    assertThat(region.services.secrets.values()).isEmpty();
  }

  @Test
  void keepsLibraries() throws Exception {
    String properties = "name=blink\nversion=1.0.0\nsentence=Blinks\nauthor=Ada\nlicense=MIT\n";
    var _ = cli.file("blink/library.properties", properties);
    Path folder = home.resolve("blink");
    for (String file : List.of("README.md", "LICENSE", "src/blink.h", "examples/one/one.ino")) {
      var _ = cli.file("blink/" + file, "// " + file);
    }
    var _ = cli.file("project/project.properties", "name=project\n");
    var _ = cli.file("project/src/project.ino", "");

    assertThat(ok(cli.runIn(folder, "library", "upload"))).contains("was successfully uploaded");
    var lists =
        cli.both(
            List.of("library", "list", "--non-interactive"), List.of("library", "search", "bli"));
    assertThat(ok(lists.getFirst())).contains("My Libraries", "blink 1.0.0", "Blinks");
    assertThat(ok(lists.getLast())).contains("blink 1.0.0 [private]");

    Path project = home.resolve("project");
    assertThat(ok(cli.runIn(project, "library", "add", "blink"))).contains("blink 1.0.0");
    assertThat(project.resolve("project.properties"))
        .content()
        .contains("dependencies.blink=1.0.0");
    assertThat(ok(cli.runIn(project, "library", "copy", "blink"))).contains("blink 1.0.0");
    assertThat(project.resolve("lib/blink/src/blink.h")).hasContent("// src/blink.h");

    assertThat(ok("library", "publish", "blink")).contains("was successfully published");
    assertThat(ok("library", "search", "bli")).contains("[mine]").doesNotContain("[private]");
    assertThat(cli.runIn(project, "library", "add", "none").out()).contains("Library not found");
  }

  @Test
  void hearsThatThereAreNoLogicFunctions() {
    assertThat(ok("logic-function", "list")).contains("No Logic Functions deployed");
  }

  @Test
  void worksInAProduct() {
    String product = Integer.toString(Region.PRODUCT);
    var calls =
        cli.both(
            List.of("call", device, "led", "on", "--product", product),
            List.of("get", device, "temp", "--product", product));
    assertThat(ok(calls.getFirst())).isEqualTo("2");
    assertThat(ok(calls.getLast())).isEqualTo("21.5");
    assertThat(ok("nyan", device, "on", "--product", product)).isEmpty();
  }

  @Test
  void keepsTheDevicesOfAProduct() {
    String product = Integer.toString(Region.PRODUCT);
    var lists =
        cli.both(
            List.of("product", "device", "list", product),
            List.of("product", "device", "list", product, "--json"));
    assertThat(ok(lists.getFirst())).contains("kitchen", "attic");
    assertThat(new JsonObject(ok(lists.getLast())).getJsonArray("data")).isNotEmpty();

    Path file = cli.file("ids.txt", device + "\nnonsense\n");
    var added =
        cli.both(
            List.of("product", "device", "add", product, device),
            List.of("product", "device", "add", product, "--file", file.toString()));
    assertThat(ok(added.getFirst())).contains("Success!");
    assertThat(added.getLast().out()).contains("nonsense");

    assertThat(ok("product", "device", "list", product, device)).contains(device);
    assertThat(ok("product", "device", "remove", product, device)).contains("Success!");
  }

  @Test
  void sendsAPublicKey() throws Exception {
    var pair = java.security.KeyPairGenerator.getInstance("RSA").generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    Path file = cli.file("key.pem", pem);

    var _ = ok("keys", "send", device, file.toString());

    var key = java.util.Objects.requireNonNull(region.services.lastKey);
    assertThat(key.publicKey()).contains("BEGIN PUBLIC KEY");
  }
}

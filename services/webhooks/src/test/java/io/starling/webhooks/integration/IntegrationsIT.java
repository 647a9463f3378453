package io.starling.webhooks.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.FeedPosition;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SigningKind;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.SigningKey;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.starling.webhooks.attempt.AttemptLog;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import io.starling.webhooks.send.Talk;
import io.starling.webhooks.send.Timing;
import io.starling.webhooks.sink.AllowedBrokers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writing integrations into a real PostgreSQL, with a directory that takes every change at once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IntegrationsIT {
  private static final AccountId ACCOUNT = AccountId.create();
  private static final JournalPosition POSITION = new JournalPosition(9, 0);
  private static final String CONFIGURATION =
      "{\"event\":\"temp\",\"url\":\"https://example.com\",\"json\":{\"a\":\"{{b}}\"}}";

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final EmbeddedDatabase server;
  private final PrimaryPool pool;
  private final Integrations integrations;

  IntegrationsIT(@TempDir Path folder) {
    server = EmbeddedDatabase.start(folder.resolve("postgres"), EmbeddedSettings.forTests());
    pool =
        PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), new SimpleMeterRegistry());
    integrations =
        new Integrations(
            new ConfigurationWriter(pool, bus),
            new Directory(InstantSource.system()),
            AllowedBrokers.parse("here.example"));
  }

  @BeforeAll
  void prepare() {
    // The pool needs a moment to find its server.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> await(migrate().map(true)));
    var _ =
        await(
            bus.serve(
                "directory",
                DirectoryRequest.class,
                _ ->
                    Future.succeededFuture(
                        new DirectoryReply.Feed(
                            new FeedPosition(Long.MAX_VALUE, 0, 0), POSITION))));
  }

  private Future<Void> migrate() {
    return new Migrations(vertx, pool).migrate("webhooks", "classpath:db/webhooks");
  }

  @AfterAll
  void close() {
    var _ = await(pool.close());
    server.close();
    var _ = await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Object ask(WebhooksRequest request) {
    return await(integrations.answer(request));
  }

  private IntegrationId create(String configuration) {
    var saved = ask(new WebhooksRequest.CreateIntegration(ACCOUNT, configuration));
    assertThat(saved).isInstanceOf(WebhooksReply.Saved.class);
    assertThat(((WebhooksReply.Saved) saved).position()).isEqualTo(POSITION);
    return ((WebhooksReply.Saved) saved).integration();
  }

  private List<Row> rows(String sql) {
    return await(
        pool.withConnection(
            connection ->
                connection
                    .query(sql)
                    .execute()
                    .map(
                        rows -> {
                          var all = new ArrayList<Row>();
                          rows.forEach(all::add);
                          return all;
                        })));
  }

  private List<JsonObject> changes(IntegrationId id) {
    return rows("SELECT after FROM starling.change_log WHERE key = '" + id + "' ORDER BY sequence")
        .stream()
        .map(row -> row.getJsonObject("after"))
        .toList();
  }

  private static Entry.Integration entry(IntegrationId id) {
    return entry(id, CONFIGURATION);
  }

  private static Entry.Integration entry(IntegrationId id, String text) {
    var configuration = new JsonObject(text);
    return new Entry.Integration(
        id,
        ACCOUNT,
        configuration.getString("event"),
        configuration.getString("url"),
        false,
        configuration,
        Instant.EPOCH,
        null);
  }

  private static void answer(GoneEndpoints gone, Entry.Integration integration, int status) {
    var attempt = new Attempt.Refused(status);
    gone.attempted(
        new AttemptLog.Delivery(Hook.of(integration), List.of(), "msg_1", 1),
        new Exchanged(attempt, "example.com", null, Timing.NONE, Talk.NONE));
  }

  @Test
  void anEndpointThatIsGoneHasItsIntegrationDisabledOnce() {
    var gone = new GoneEndpoints(AttemptLog.NONE, new ConfigurationWriter(pool, bus));
    var id = create(CONFIGURATION);
    var stays = create(CONFIGURATION);
    String byDevice = CONFIGURATION.replace("example.com", "example.com/{{{PARTICLE_DEVICE_ID}}}");
    var ofMany = create(byDevice);
    for (int n = 0; n < 3; n++) {
      answer(gone, entry(stays), 404);
      answer(gone, entry(ofMany, byDevice), 410);
      answer(gone, entry(id), 410);
    }
    Awaitility.await().until(() -> changes(id).size() > 1);
    answer(gone, entry(id), 410);
    assertThat(disable(entry(id))).isFalse();

    assertThat(changes(id)).hasSize(2);
    assertThat(changes(id).getLast().getBoolean("disabled")).isTrue();
    assertThat(changes(id).getLast().getJsonObject("configuration").getBoolean("disabled"))
        .isTrue();
    assertThat(changes(stays)).hasSize(1);
    assertThat(changes(ofMany)).hasSize(1);
  }

  @Test
  void anEndpointThatIsGoneDoesNotDisableWhatLeadsElsewhereByNow() {
    var id = create(CONFIGURATION);
    var before = entry(id);
    var other = CONFIGURATION.replace("example.com", "other.example.com");
    assertThat(ask(new WebhooksRequest.EditIntegration(ACCOUNT, id, other)))
        .isInstanceOf(WebhooksReply.Saved.class);
    assertThat(disable(before)).isFalse();
    assertThat(changes(id).getLast().getBoolean("disabled")).isFalse();
  }

  private boolean disable(Entry.Integration integration) {
    return await(
        pool.withConnection(connection -> new IntegrationStore().disable(connection, integration)));
  }

  @Test
  void createsAndLeavesAChangeThatTheDirectoryUnderstands() {
    var id = create(CONFIGURATION);
    var change = changes(id).getFirst();
    assertThat(change.getString("account")).isEqualTo(ACCOUNT.toString());
    assertThat(change.getString("event")).isEqualTo("temp");
    assertThat(change.getString("url")).isEqualTo("https://example.com");
    assertThat(change.getBoolean("disabled")).isFalse();
    assertThat(change.getJsonObject("configuration")).isEqualTo(new JsonObject(CONFIGURATION));
    assertThat(Instant.parse(change.getString("created_at"))).isNotNull();
  }

  @Test
  void replacesTheWholeConfiguration() {
    var id = create(CONFIGURATION);
    var other = "{\"event\":\"other\",\"url\":\"http://h\",\"disabled\":true}";
    assertThat(ask(new WebhooksRequest.EditIntegration(ACCOUNT, id, other)))
        .isEqualTo(new WebhooksReply.Saved(id, POSITION));
    var change = changes(id).getLast();
    assertThat(change.getJsonObject("configuration")).isEqualTo(new JsonObject(other));
    assertThat(change.getBoolean("disabled")).isTrue();
  }

  @Test
  void remembersSinceWhenItIsSwitchedOffWhateverElseIsChanged() {
    var id = create(CONFIGURATION);
    for (boolean disabled : new boolean[] {true, true, false, false}) {
      var other = new JsonObject(CONFIGURATION).put("disabled", disabled).encode();
      assertThat(ask(new WebhooksRequest.EditIntegration(ACCOUNT, id, other)))
          .isInstanceOf(WebhooksReply.Saved.class);
    }
    var changes = changes(id);
    assertThat(changes.getFirst().getString("paused_at")).isNull();
    assertThat(changes.stream().skip(1).map(change -> change.getString("paused_at")).distinct())
        .hasSize(1)
        .doesNotContainNull();
    assertThat(changes.get(2).getString("resumed_at")).isNull();
    assertThat(changes.get(3).getString("resumed_at"))
        .isNotNull()
        .isEqualTo(changes.get(4).getString("resumed_at"));
  }

  @Test
  void deletes() {
    var id = create(CONFIGURATION);
    assertThat(ask(new WebhooksRequest.DeleteIntegration(ACCOUNT, id)))
        .isEqualTo(new WebhooksReply.Deleted(POSITION));
    assertThat(changes(id).getLast()).isNull();
    assertThat(rows("SELECT 1 FROM webhooks.integration WHERE id = '" + id + "'")).isEmpty();
    assertThat(ask(new WebhooksRequest.DeleteIntegration(ACCOUNT, id)))
        .isEqualTo(new WebhooksReply.NotFound());
  }

  @Test
  void findsNothingOfAnotherAccount() {
    var id = create(CONFIGURATION);
    var other = AccountId.create();
    assertThat(ask(new WebhooksRequest.EditIntegration(other, id, CONFIGURATION)))
        .isEqualTo(new WebhooksReply.NotFound());
    assertThat(ask(new WebhooksRequest.DeleteIntegration(other, id)))
        .isEqualTo(new WebhooksReply.NotFound());
  }

  @Test
  void movesThoseOfAProductToItsNewOwner() {
    var number = create("{\"event\":\"a\",\"url\":\"http://h\",\"productID\":77}");
    var text = create("{\"event\":\"a\",\"url\":\"http://h\",\"productid\":\"77\"}");
    var another = create("{\"event\":\"a\",\"url\":\"http://h\",\"productID\":770}");
    var all = create(CONFIGURATION);
    var owner = AccountId.create();
    for (int i = 0; i < 2; i++) {
      assertThat(ask(new WebhooksRequest.MoveIntegrations(ACCOUNT, 77, owner)))
          .isEqualTo(new WebhooksReply.Moved(i == 0 ? POSITION : JournalPosition.START));
    }
    for (var moved : List.of(number, text)) {
      assertThat(changes(moved).getLast().getString("account")).isEqualTo(owner.toString());
    }
    for (var left : List.of(another, all)) {
      assertThat(changes(left).getLast().getString("account")).isEqualTo(ACCOUNT.toString());
    }
  }

  private WebhooksReply.KeyCreated key(IntegrationId id, SigningKind kind) {
    var made = ask(new WebhooksRequest.CreateSigningKey(ACCOUNT, id, kind, null));
    assertThat(made).isInstanceOf(WebhooksReply.KeyCreated.class);
    assertThat(made.toString()).doesNotContain("wh");
    return (WebhooksReply.KeyCreated) made;
  }

  private List<JsonObject> keyChanges(String key) {
    return rows(
            "SELECT after FROM starling.change_log WHERE kind = 'signing_key' AND key = '"
                + key
                + "' ORDER BY sequence")
        .stream()
        .map(row -> row.getJsonObject("after"))
        .toList();
  }

  @Test
  void makesKeysThatTheDirectoryUnderstandsAndThatGoWithTheirIntegration() {
    var id = create("{\"event\":\"a\",\"url\":\"http://h\",\"productID\":78}");
    for (var kind : SigningKind.values()) {
      var made = key(id, kind);
      var row = keyChanges(made.key()).getLast().encode();
      var known = (SigningKey) Objects.requireNonNull(Entry.of("signing_key", row));
      assertThat(known.integration()).isEqualTo(id);
      assertThat(known.toString()).doesNotContain(made.secret().substring(6));
      assertThat(known.secret().text()).isEqualTo(made.secret());
      assertThat(known.secret().publicKey().orElse(null)).isEqualTo(made.publicKey());
      assertThat(known.createdAt().toEpochMilli()).isEqualTo(made.createdAtMillis());
    }
    var key = key(id, SigningKind.V1).key();
    var owner = AccountId.create();
    assertThat(ask(new WebhooksRequest.MoveIntegrations(ACCOUNT, 78, owner)))
        .isInstanceOf(WebhooksReply.Moved.class);
    assertThat(keyChanges(key).getLast().getString("account")).isEqualTo(owner.toString());
    assertThat(ask(new WebhooksRequest.DeleteIntegration(owner, id)))
        .isInstanceOf(WebhooksReply.Deleted.class);
    assertThat(keyChanges(key).getLast()).isNull();
  }

  @Test
  void hasFiveLiveKeysAtMost() {
    var id = create(CONFIGURATION);
    var first = key(id, SigningKind.V1).key();
    for (int i = 1; i < 5; i++) {
      var _ = key(id, SigningKind.V1);
    }
    var sixth = new WebhooksRequest.CreateSigningKey(ACCOUNT, id, SigningKind.V1, null);
    assertThat(ask(sixth)).isInstanceOf(WebhooksReply.Invalid.class);
    assertThat(ask(new WebhooksRequest.DeleteSigningKey(ACCOUNT, id, first, 3600)))
        .isInstanceOf(WebhooksReply.Deleted.class);
    assertThat(keyChanges(first).getLast().getString("expires_at")).isNotNull();
    assertThat(ask(sixth)).isInstanceOf(WebhooksReply.Invalid.class);
    assertThat(ask(new WebhooksRequest.DeleteSigningKey(ACCOUNT, id, first, 0)))
        .isInstanceOf(WebhooksReply.Deleted.class);
    assertThat(ask(sixth)).isInstanceOf(WebhooksReply.KeyCreated.class);
  }

  @Test
  void forgetsKeysWhoseTimeIsOver() {
    var id = create(CONFIGURATION);
    var gone = key(id, SigningKind.V1).key();
    var ending = key(id, SigningKind.V1).key();
    var stays = key(id, SigningKind.V1A).key();
    var _ = rows("UPDATE webhooks.signing_key SET expires_at = now() WHERE id = '" + gone + "'");
    assertThat(ask(new WebhooksRequest.DeleteSigningKey(ACCOUNT, id, ending, 3600)))
        .isInstanceOf(WebhooksReply.Deleted.class);
    assertThat(await(new ExpiredKeys(new ConfigurationWriter(pool, bus)).turn())).isEqualTo(1);
    assertThat(keyChanges(gone).getLast()).isNull();
    assertThat(keyChanges(ending).getLast()).isNotNull();
    assertThat(keyChanges(stays).getLast()).isNotNull();
  }

  @Test
  void makesAndDeletesNoKeysOfOthers() {
    var id = create(CONFIGURATION);
    var another = create(CONFIGURATION);
    var key = key(id, SigningKind.V1).key();
    var other = AccountId.create();
    assertThat(ask(new WebhooksRequest.CreateSigningKey(other, id, SigningKind.V1, null)))
        .isEqualTo(new WebhooksReply.NotFound());
    for (var request :
        List.of(
            new WebhooksRequest.DeleteSigningKey(other, id, key, 0),
            new WebhooksRequest.DeleteSigningKey(ACCOUNT, another, key, 0))) {
      assertThat(ask(request)).isEqualTo(new WebhooksReply.NotFound());
    }
  }

  @Test
  void saysWhatToChangeAndWritesNothing() {
    int before = rows("SELECT 1 FROM starling.change_log").size();
    assertThat(ask(new WebhooksRequest.CreateIntegration(ACCOUNT, "{\"event\":\"temp\"}")))
        .isEqualTo(new WebhooksReply.Invalid("url is required"));
    assertThat(rows("SELECT 1 FROM starling.change_log")).hasSize(before);
  }

  @Test
  void brokersThatTheOperatorDoesNotNameAreRefusedWhenTheyAreSaved() {
    String kafka = CONFIGURATION.replace("https://example.com", "kafka://%s");
    String hook = kafka.replace("}}\"}}", "}}\"},\"integration_type\":\"Kafka\",\"topic\":\"t\"}");
    assertThat(save(hook.formatted("here.example:9092"))).isInstanceOf(WebhooksReply.Saved.class);
    assertThat(save(hook.formatted("here.example,there.example")))
        .isEqualTo(
            new WebhooksReply.Invalid(
                "broker there.example:9092 is not allowed here: the operator names those that are"));
  }

  private WebhooksReply.SaveReply save(String configuration) {
    return (WebhooksReply.SaveReply)
        await(integrations.answer(new WebhooksRequest.CreateIntegration(ACCOUNT, configuration)));
  }

  @Test
  void saysThatTheDatabaseIsDown() {
    var nowhere =
        PrimaryPool.open(
            vertx,
            "test",
            DatabaseConfig.of("postgresql://a:b@127.0.0.1:1/none"),
            new SimpleMeterRegistry());
    var stranded =
        new Integrations(
            new ConfigurationWriter(nowhere, bus),
            new Directory(InstantSource.system()),
            AllowedBrokers.parse("none"));
    assertThat(
            await(stranded.answer(new WebhooksRequest.CreateIntegration(ACCOUNT, CONFIGURATION))))
        .isInstanceOf(WebhooksReply.DatabaseDown.class);
    var _ = await(nowhere.close());
  }
}

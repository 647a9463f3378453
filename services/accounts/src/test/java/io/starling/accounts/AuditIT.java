package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.accounts.audit.AuditRetention;
import io.starling.contract.AccountId;
import io.starling.contract.Actor;
import io.starling.contract.AuditReply;
import io.starling.contract.AuditReply.Deed;
import io.starling.contract.AuditRequest;
import io.starling.contract.AuditRequest.FindAudit;
import io.starling.contract.AuditRequest.Refusals;
import io.starling.contract.BusMessage;
import io.starling.contract.EnvRequest;
import io.starling.contract.EnvScope;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Request;
import io.starling.contract.SecretsRequest;
import io.starling.contract.TransfersRequest;
import io.starling.directory.Secrets;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who did what, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class AuditIT {
  private final AccountsNode accounts;

  AuditIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  private static final Actor NOBODY =
      new Actor(Actor.Kind.NOBODY, "", "", "", "POST /v1/x", "", 0, "192.0.2.8", "curl/8", "r");

  private static Actor actor(AccountId account, int product) {
    return new Actor(
        Actor.Kind.PERSON,
        account.toString(),
        "beef",
        "particle",
        "PUT /v1/products/:product",
        "product/" + product,
        product,
        "192.0.2.7",
        "curl/8",
        UUID.randomUUID().toString());
  }

  @CanIgnoreReturnValue
  private <R extends BusMessage, Q extends Request<R>> R ask(Q request, Actor actor)
      throws Exception {
    return AccountsNode.get(accounts.node().bus().ask(request, actor, AccountsNode.LIMIT));
  }

  private int product(AccountId owner) throws Exception {
    var create = new ProductsRequest.CreateProduct(owner, "Weather", "", 0);
    return ((ProductsReply.ProductCreated) ask(create, actor(owner, 0))).product();
  }

  private static FindAudit of(AccountId account) {
    return new FindAudit(account, 0, 0, Long.MAX_VALUE, null, null, null, null, null, 100);
  }

  private static FindAudit in(int product) {
    return new FindAudit(null, product, 0, Long.MAX_VALUE, null, null, null, null, null, 100);
  }

  private List<Deed> found(FindAudit find) throws Exception {
    return ((AuditReply.Found) accounts.ask(find)).deeds();
  }

  @CanIgnoreReturnValue
  private long sql(String text) throws Exception {
    return AccountsNode.get(
        accounts
            .database()
            .withConnection(
                connection ->
                    connection
                        .query(text)
                        .execute()
                        .map(
                            rows -> {
                              for (Row row : rows) {
                                return row.size() == 0 ? 0 : row.getLong(0);
                              }
                              return 0L;
                            })));
  }

  private static ProductsRequest.EditProduct rename(AccountId owner, int product, String name) {
    return new ProductsRequest.EditProduct(owner, product, name, null, null, null);
  }

  @Test
  void aChangeIsKeptWithWhoMadeItAndWhatItChanged() throws Exception {
    var owner = accounts.person();
    int product = product(owner);
    var actor = actor(owner, product);
    ask(rename(owner, product, "Storms"), actor);

    var deed = found(in(product)).getFirst();
    assertThat(deed.outcome()).isEqualTo("done");
    assertThat(deed.actor()).isEqualTo(actor);
    assertThat(deed.operation()).isEqualTo("products.edit");
    assertThat(deed.targets()).containsExactly("product/" + product);
    assertThat(deed.account()).isEqualTo(owner.toString());
    assertThat(found(of(owner))).contains(deed);
    assertThat(found(of(accounts.person()))).doesNotContain(deed);
  }

  @Test
  void whatChangesNothingIsNoDeed() throws Exception {
    var owner = accounts.person();
    int product = product(owner);
    var stranger = accounts.person();
    ask(rename(stranger, product, "Mine"), actor(stranger, product));
    assertThat(found(in(product))).extracting(Deed::operation).containsExactly("products.create");
  }

  /** It locks its row, and writes it anew as it was. */
  @Test
  void whatWasSoAlreadyIsNoDeed() throws Exception {
    var owner = accounts.person();
    int product = product(owner);
    ask(rename(owner, product, "Weather"), actor(owner, product));
    var env = new EnvRequest.ChangeEnv(EnvScope.of(owner), Map.of("A", "b"), List.of(), owner);
    ask(env, actor(owner, 0));
    ask(env, actor(owner, 0));

    assertThat(found(of(owner)))
        .extracting(Deed::operation)
        .containsExactly("env.change", "products.create", "people.sign-up");
  }

  @Test
  void aChangeWithoutItsRowIsNoChange() throws Exception {
    var owner = accounts.person();
    int product = product(owner);
    sql("ALTER TABLE starling.audit ADD CONSTRAINT broken CHECK (request <> 'unlucky') NOT VALID");
    var unlucky =
        new Actor(Actor.Kind.PERSON, owner.toString(), "", "", "", "", product, "", "", "unlucky");
    assertThatThrownBy(() -> ask(rename(owner, product, "Lost"), unlucky))
        .isInstanceOf(ExecutionException.class);
    assertThat(sql("SELECT count(*) FROM accounts.product WHERE name = 'Lost'")).isZero();
    assertThat(found(in(product))).hasSize(1);
  }

  @Test
  void whatTheFeedDoesNotFollowIsKeptToo() throws Exception {
    var owner = accounts.person();
    ask(new SecretsRequest.PutSecret(owner, "KEY", "hush", true), actor(owner, 0));
    var deed = found(of(owner)).getFirst();
    assertThat(deed.operation()).isEqualTo("secrets.put");
    assertThat(deed.targets()).containsExactly("secret/KEY");
    assertThat(deed.toString()).doesNotContain("hush");
  }

  @Test
  void aFollowedLinkIsADeedOfWhoeverHasIt() throws Exception {
    var owner = accounts.person();
    String link = Secrets.newToken();
    sql(
        "INSERT INTO accounts.link (hash, account) VALUES ('%s', '%s')"
            .formatted(Secrets.hash(link), owner));
    ask(new PeopleRequest.ResetPassword(Secrets.hash(link), "long enough"), NOBODY);
    var deed = found(of(owner)).getFirst();
    assertThat(deed.operation()).isEqualTo("people.password.reset");
    assertThat(deed.actor().kind()).isEqualTo(Actor.Kind.LINK);
    assertThat(deed.actor().address()).isEqualTo(NOBODY.address());
    assertThat(deed.targets()).containsExactly("account/" + owner);
  }

  @Test
  void whoIsMailedALinkSeesThatSomebodyAskedForIt() throws Exception {
    String email = AccountsNode.newEmail();
    var owner = accounts.person(email);
    ask(new PeopleRequest.ForgotPassword(email), NOBODY);
    await().until(() -> found(of(owner)).size() == 2);
    var address =
        new PeopleRequest.ChangeCredentials(
            owner, AccountsNode.PASSWORD, AccountsNode.newEmail(), null, false, "192.0.2.7");
    ask(address, actor(owner, 0));

    var deeds = found(of(owner)).subList(0, 2);
    assertThat(deeds)
        .extracting(Deed::operation)
        .containsExactly("people.user.change", "people.password.forgot");
    assertThat(deeds.getLast().actor().kind()).isEqualTo(Actor.Kind.NOBODY);
    assertThat(deeds.getLast().actor().address()).isEqualTo(NOBODY.address());
    assertThat(deeds).allMatch(deed -> deed.targets().equals(List.of("link")));
  }

  @Test
  void aNewAddressIsADeedOfWhoeverHasItsLink() throws Exception {
    var owner = accounts.person();
    String link = Secrets.newToken();
    sql(
        "INSERT INTO accounts.link (hash, account, email) VALUES ('%s', '%s', '%s')"
            .formatted(Secrets.hash(link), owner, AccountsNode.newEmail()));
    ask(new PeopleRequest.ConfirmEmail(Secrets.hash(link)), NOBODY);

    var deed = found(of(owner)).getFirst();
    assertThat(deed.operation()).isEqualTo("people.email.confirm");
    assertThat(deed.actor().kind()).isEqualTo(Actor.Kind.LINK);
    assertThat(deed.targets()).containsExactly("account/" + owner);
  }

  @Test
  void whoGrantsOnAPageSeesToWhat() throws Exception {
    String email = AccountsNode.newEmail();
    var owner = accounts.person(email);
    var who = new OAuthRequest.SignIn(email, AccountsNode.PASSWORD, "", "192.0.2.8", "");
    ask(
        new OAuthRequest.GrantCode(who, "app", "https://a.example/", "A".repeat(43), List.of()),
        NOBODY);
    var wrong = new OAuthRequest.SignIn(email, "wrong password", "", "192.0.2.8", "");
    ask(
        new OAuthRequest.GrantCode(wrong, "app", "https://a.example/", "A".repeat(43), List.of()),
        NOBODY);

    var deeds = found(of(owner));
    assertThat(deeds)
        .extracting(Deed::operation)
        .containsExactly("oauth.code.grant", "people.sign-up");
    assertThat(deeds.getFirst().targets()).containsExactly("grant/app");
  }

  @Test
  void whoIsAskedForADeviceSeesByWhom() throws Exception {
    var owner = accounts.person();
    var device = accounts.devices(owner, product(owner), 1).getFirst();
    var other = accounts.person();
    ask(new TransfersRequest.RequestTransfer(other, device), actor(other, 0));

    var deed = found(of(owner)).getFirst();
    assertThat(deed.operation()).isEqualTo("transfers.request");
    assertThat(deed.actor().id()).isEqualTo(other.toString());
  }

  @Test
  void nothingIsEverChangedOrTakenOut() {
    for (String change :
        List.of(
            "UPDATE starling.audit SET actor = 'somebody else'",
            "DELETE FROM starling.audit",
            "TRUNCATE starling.audit",
            "DO $$ BEGIN EXECUTE 'TRUNCATE starling.audit_' || to_char(now() AT TIME ZONE 'UTC',"
                + " 'YYYYMM'); END $$")) {
      assertThatThrownBy(
              () -> {
                var _ = accounts.person();
                sql(change);
              })
          .as(change)
          .hasMessageContaining("never changed");
    }
  }

  private static Refusals refusals(Actor actor, String account, long at, long count) {
    return new Refusals(actor, account, true, 403, "unauthorized", at, at + 5, count);
  }

  @Test
  void refusalsAreKeptOnceHoweverOftenTheyAreSent() throws Exception {
    var owner = accounts.person();
    int product = product(owner);
    var stranger = actor(accounts.person(), product);
    var batch =
        new AuditRequest.StoreRefusals(
            UUID.randomUUID().toString(),
            List.of(refusals(stranger, owner.toString(), System.currentTimeMillis(), 17)));
    accounts.ask(batch);
    accounts.ask(batch);
    assertThat(found(in(product)))
        .filteredOn(deed -> deed.outcome().equals("refused"))
        .singleElement()
        .satisfies(
            deed -> {
              assertThat(deed.count()).isEqualTo(17);
              assertThat(deed.status()).isEqualTo(403);
              assertThat(deed.actor()).isEqualTo(stranger);
            });
  }

  @Test
  void isReadPageByPageAndByWhatIsAskedFor() throws Exception {
    var owner = accounts.person();
    int product = product(owner);
    for (int i = 0; i < 6; i++) {
      ask(rename(owner, product, "Name " + i), actor(owner, product));
    }
    var all = found(in(product));
    assertThat(all)
        .hasSize(7)
        .isSortedAccordingTo((a, b) -> Long.compare(b.atMillis(), a.atMillis()));
    var pages = new ArrayList<Deed>();
    var next = in(product).limit(3);
    for (var page = (AuditReply.Found) accounts.ask(next); ; ) {
      pages.addAll(page.deeds());
      if (page.next() == null) {
        break;
      }
      next = next.from(Objects.requireNonNull(page.next()));
      page = (AuditReply.Found) accounts.ask(next);
    }
    assertThat(pages).isEqualTo(all);
    var edits = in(product);
    assertThat(
            found(
                new FindAudit(
                    null,
                    product,
                    all.getLast().atMillis(),
                    all.getFirst().atMillis(),
                    owner.toString(),
                    "products.create",
                    "product/" + product,
                    "done",
                    null,
                    10)))
        .containsExactly(all.getLast());
    assertThat(accounts.ask(edits.from("nowhere"))).isInstanceOf(AuditReply.PlaceUnknown.class);
  }

  @Test
  void monthsThatAreOverAreDropped() throws Exception {
    sql("SELECT 0::bigint FROM starling.ensure_audit_month('2001-05-01') AS made");
    var past = "SELECT count(*) FROM pg_class WHERE relname = 'audit_200105'";
    assertThat(sql(past)).isEqualTo(1);
    long kept = sql("SELECT count(*) FROM starling.audit");
    var later = Instant.now().plus(40, ChronoUnit.DAYS);
    AccountsNode.get(new AuditRetention(accounts.database(), 365, InstantSource.system()).turn());
    AccountsNode.get(
        new AuditRetention(accounts.database(), 365, InstantSource.fixed(later)).turn());
    assertThat(sql(past)).isZero();
    assertThat(sql("SELECT count(*) FROM starling.audit")).isEqualTo(kept);
  }
}

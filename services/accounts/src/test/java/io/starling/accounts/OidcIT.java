package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.accounts.login.OneTimePasswords;
import io.starling.contract.AccountId;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OAuthRequest;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcReply.Refused.Reason;
import io.starling.contract.OidcRequest;
import io.starling.contract.OidcRequest.Origin;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.testing.oidc.FakeProvider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signing in through a provider on a real socket, with a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class OidcIT {
  private static final Origin ORIGIN = new Origin("authorize", Map.of("state", "theirs"));
  private static final String PLACE = "10.2.0.1";

  private static FakeProvider provider;
  private static FakeProvider other;
  private static AccountsNode accounts;

  private final HttpClient browser = HttpClient.newHttpClient();
  private final String email = AccountsNode.newEmail();

  @BeforeAll
  static void start(AccountsNode shared, @TempDir Path folder) throws Exception {
    provider = new FakeProvider();
    other = new FakeProvider();
    var file =
        Files.writeString(
            folder.resolve("providers.json"),
            new JsonArray()
                .add(provider.settings("work", "Work & Co"))
                .add(other.settings("other", "Other"))
                .encode());
    accounts =
        new AccountsNode(
            shared.server(),
            shared.data(),
            Map.of(
                "STARLING_OIDC_FILE",
                file.toString(),
                "STARLING_MAIL_LINKS",
                "https://api.example.org"));
  }

  @AfterAll
  static void stop() throws Exception {
    accounts.close();
    provider.close();
    other.close();
  }

  @BeforeEach
  void somebodyVisits() {
    for (var each : List.of(provider, other)) {
      each.person = person(email, true);
      each.claims = UnaryOperator.identity();
      each.signer = each::signed;
      each.metadata = UnaryOperator.identity();
      each.silent = false;
    }
  }

  private static JsonObject person(String email, boolean verified) {
    return new JsonObject()
        .put("sub", "subject of " + email)
        .put("email", email)
        .put("email_verified", verified);
  }

  private OidcReply.BeginReply begin(String id) throws Exception {
    return accounts.ask(new OidcRequest.Begin(id, ORIGIN));
  }

  /** What comes back through a browser that was sent away. */
  private OidcRequest.Finish visit(OidcReply.Begun begun) throws Exception {
    var response =
        browser.send(
            HttpRequest.newBuilder(URI.create(begun.url())).build(),
            HttpResponse.BodyHandlers.discarding());
    var back = URI.create(response.headers().firstValue("Location").orElseThrow());
    assertThat(back.toString()).startsWith("https://api.example.org/oauth/oidc/callback?");
    var told = FakeProvider.parameters(back.getRawQuery());
    return new OidcRequest.Finish(
        told.getOrDefault("state", ""),
        begun.browser(),
        told.getOrDefault("code", ""),
        "",
        told.getOrDefault("iss", ""));
  }

  private OidcReply.FinishReply signIn(String id) throws Exception {
    return accounts.ask(visit((OidcReply.Begun) begin(id)));
  }

  private OidcReply.SignedIn signedIn() throws Exception {
    return (OidcReply.SignedIn) signIn("work");
  }

  private static OidcReply.Refused refused(Reason reason) {
    return new OidcReply.Refused(reason, "Work & Co", ORIGIN);
  }

  private static OidcReply.Refused notBegun() {
    return new OidcReply.Refused(Reason.NOT_BEGUN, "", Origin.NONE);
  }

  /** Whose a ticket is, by the code that it gives. */
  private AccountId account(OidcReply.SignedIn in) throws Exception {
    var who = new OAuthRequest.SignIn("", "", "", PLACE, in.ticket());
    var code =
        (OAuthReply.CodeGranted)
            accounts.ask(
                new OAuthRequest.GrantCode(who, "app", "https://a.example", "c", List.of()));
    return AccountId.of(
        accounts.value(
            "SELECT account FROM accounts.authorization_code WHERE hash = '%s'"
                .formatted(Secrets.hash(code.code()))));
  }

  private List<OidcReply.Identity> identities(AccountId account) throws Exception {
    return ((OidcReply.Identities) accounts.ask(new OidcRequest.ListIdentities(account)))
        .identities();
  }

  private List<String> audit(AccountId account) throws Exception {
    String told =
        accounts.value(
            """
            SELECT string_agg(operation, ',') FROM starling.audit
            WHERE account = '%s' AND operation <> 'oauth.code.grant'
            """
                .formatted(account));
    return List.of(told.split(",", -1));
  }

  @Test
  void theProvidersAreThoseOfTheSettings() throws Exception {
    assertThat(accounts.ask(new OidcRequest.ListProviders()).providers())
        .containsExactly(
            new OidcReply.Named("work", "Work & Co"), new OidcReply.Named("other", "Other"));
    assertThat(begin("none")).isEqualTo(new OidcReply.Refused(Reason.UNKNOWN_PROVIDER, "", ORIGIN));
  }

  @Test
  void whoIsNewGetsAnAccountWithoutAPasswordAndComesBackToIt() throws Exception {
    var begun = (OidcReply.Begun) begin("work");
    assertThat(begun.secure()).isTrue();
    assertThat(begun.url()).startsWith(provider.issuer() + "/authorize?response_type=code&");
    assertThat(FakeProvider.parameters(URI.create(begun.url()).getRawQuery()))
        .containsEntry("scope", "openid email")
        .containsEntry("code_challenge_method", "S256")
        .doesNotContainValue(begun.browser());
    var in = (OidcReply.SignedIn) accounts.ask(visit(begun));
    assertThat(in.email()).isEqualTo(email);
    assertThat(in.origin()).isEqualTo(ORIGIN);
    var account = account(in);
    assertThat(accounts.email(account)).isEqualTo(email);
    assertThat(audit(account)).containsExactly("oidc.finish");
    assertThat(identities(account))
        .extracting(OidcReply.Identity::provider)
        .containsExactly("work");

    for (String password : new String[] {"", " ", AccountsNode.PASSWORD}) {
      assertThat(accounts.ask(new PeopleRequest.LogIn(email, password, "particle", PLACE, 60)))
          .isEqualTo(new PeopleReply.CredentialsInvalid());
    }
    // Known by subject: the address may change.
    provider.person = person(email, false).put("email", "moved@example.org");
    assertThat(account(signedIn())).isEqualTo(account);
    assertThat(audit(account)).containsExactly("oidc.finish");
    assertThat(accounts.directory().changes().toString()).doesNotContain("subject of");
  }

  @Test
  void theNewAccountSetsAPasswordByALinkInMail() throws Exception {
    var account = account(signedIn());
    accounts.ask(new PeopleRequest.ForgotPassword(email));
    await().until(() -> accounts.mailsTo(email).size() == 1);
    var link = accounts.mailsTo(email).getFirst().replaceAll("(?s).*#([0-9a-f]{40}).*", "$1");
    accounts.ask(new PeopleRequest.ResetPassword(Secrets.hash(link), AccountsNode.PASSWORD));
    var in =
        (PeopleReply.LoggedIn)
            accounts.ask(
                new PeopleRequest.LogIn(email, AccountsNode.PASSWORD, "particle", PLACE, 60));
    assertThat(in.account()).isEqualTo(account);
  }

  @Test
  void anAccountThatHasTheAddressIsLinkedByItsPasswordOnce() throws Exception {
    var account = accounts.person(email);
    provider.person.put("email", email.toUpperCase(Locale.ROOT));
    var needed = (OidcReply.ProofNeeded) signIn("work");
    assertThat(needed.password()).isTrue();
    assertThat(needed.otp()).isFalse();
    assertThat(needed.email()).isEqualTo(email);
    assertThat(identities(account)).isEmpty();

    assertThat(confirm(needed, "wrong", ""))
        .isEqualTo(new OidcReply.ProofRefused(SignInRefused.Reason.CREDENTIALS, 0, needed));
    assertThat(identities(account)).isEmpty();
    var in = (OidcReply.SignedIn) confirm(needed, AccountsNode.PASSWORD, "");
    assertThat(in.origin()).isEqualTo(ORIGIN);
    assertThat(account(in)).isEqualTo(account);
    assertThat(confirm(needed, AccountsNode.PASSWORD, "")).isEqualTo(notBegun());
    assertThat(audit(account)).containsExactlyInAnyOrder("people.sign-up", "oidc.confirm");
    assertThat(account(signedIn())).isEqualTo(account);
  }

  private OidcReply.ConfirmReply confirm(OidcReply.ProofNeeded needed, String password, String otp)
      throws Exception {
    return accounts.ask(new OidcRequest.Confirm(needed.proof(), password, otp, PLACE));
  }

  @Test
  void anAccountWithoutAPasswordIsNotLinkedByAnotherProvidersWord() throws Exception {
    var account = account(signedIn());
    var needed = (OidcReply.ProofNeeded) signIn("other");
    assertThat(needed.password()).isTrue();
    assertThat(confirm(needed, "", "")).isInstanceOf(OidcReply.ProofRefused.class);
    assertThat(identities(account)).hasSize(1);
  }

  @Test
  void aOneTimePasswordIsAskedForAsWell() throws Exception {
    var account = account(signedIn());
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    var passwords = new OneTimePasswords(started.secret());
    accounts.ask(new PeopleRequest.EnrolMfa(account, started.mfaToken(), passwords.next(), false));

    var needed = (OidcReply.ProofNeeded) signIn("work");
    assertThat(needed.password()).isFalse();
    assertThat(needed.otp()).isTrue();
    assertThat(confirm(needed, "", ""))
        .isEqualTo(new OidcReply.ProofRefused(SignInRefused.Reason.OTP_NEEDED, 0, needed));
    assertThat(confirm(needed, "", passwords.old()))
        .isEqualTo(new OidcReply.ProofRefused(SignInRefused.Reason.OTP, 0, needed));
    assertThat(account((OidcReply.SignedIn) confirm(needed, "", passwords.next())))
        .isEqualTo(account);
  }

  @Test
  void withoutAnAddressThatTheProviderMadeSureOfNobodyIsMade() throws Exception {
    var _ = accounts.person(email);
    for (var claims :
        List.of(
            person(email, false),
            person("new-" + email, false),
            person("no address", true),
            new JsonObject().put("sub", "x").put("email", 7).put("email_verified", true),
            new JsonObject().put("sub", "x").put("email", "y@example.org"),
            new JsonObject().put("sub", "x"))) {
      provider.person = claims;
      assertThat(signIn("work")).as("%s", claims).isEqualTo(refused(Reason.NO_ADDRESS));
    }
  }

  @Test
  void anAddressThatOnlyUserInfoTellsIsTakenOfTheSamePersonAlone() throws Exception {
    provider.claims =
        claims -> {
          claims.remove("email");
          claims.remove("email_verified");
          return claims;
        };
    assertThat(signedIn().email()).isEqualTo(email);
    provider.claims =
        claims -> {
          claims.remove("email");
          return claims.put("sub", "somebody else");
        };
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
  }

  @Test
  void whatComesBackIsGoodOnceAndInTheSameBrowserAlone() throws Exception {
    var begun = (OidcReply.Begun) begin("work");
    var back = visit(begun);
    var another = (OidcReply.Begun) begin("work");
    for (String shown : new String[] {another.browser(), "", "x"}) {
      var begunNow = (OidcReply.Begun) begin("work");
      var now = visit(begunNow);
      assertThat(
              accounts.ask(
                  new OidcRequest.Finish(now.state(), shown, now.code(), "", now.issuer())))
          .isEqualTo(notBegun());
      assertThat(accounts.ask(now)).isEqualTo(notBegun());
    }
    for (String state : new String[] {"", "none", Secrets.hash(back.state())}) {
      assertThat(
              accounts.ask(
                  new OidcRequest.Finish(state, begun.browser(), back.code(), "", back.issuer())))
          .isEqualTo(notBegun());
    }
    assertThat(accounts.ask(back)).isInstanceOf(OidcReply.SignedIn.class);
    assertThat(accounts.ask(back)).isEqualTo(notBegun());
    // A code that was used, with a state that was not.
    var again = visit(another);
    assertThat(
            accounts.ask(
                new OidcRequest.Finish(
                    again.state(), another.browser(), back.code(), "", back.issuer())))
        .isEqualTo(refused(Reason.NOT_BELIEVED));
  }

  @Test
  void aStepIsGoodForTenMinutesAndKeptAsAHash() throws Exception {
    var late = visit((OidcReply.Begun) begin("work"));
    assertThat(
            accounts.value(
                "SELECT count(*) FROM accounts.oidc_step WHERE hash = '%s' AND NOT content::text ~ 'verifier'"
                    .formatted(Secrets.hash(late.state()))))
        .isEqualTo("1");
    accounts.execute(
        "UPDATE accounts.oidc_step SET created_at = created_at - interval '601 s' WHERE hash = '%s'"
            .formatted(Secrets.hash(late.state())));
    assertThat(accounts.ask(late)).isEqualTo(notBegun());

    var _ = accounts.person(email);
    var needed = (OidcReply.ProofNeeded) signIn("work");
    // What is good for the one step is of no use for the other.
    assertThat(accounts.ask(new OidcRequest.Finish(needed.proof(), "", "c", "", "")))
        .isEqualTo(notBegun());
  }

  static Stream<Arguments> lies() {
    long now = System.currentTimeMillis() / 1_000;
    return Stream.of(
        lie("another's nonce", it -> it.put("nonce", "x")),
        lie("no nonce", it -> without(it, "nonce")),
        lie("for another client", it -> it.put("aud", "another")),
        lie("for nobody", it -> without(it, "aud")),
        lie("for several", it -> it.put("aud", new JsonArray().add(FakeProvider.CLIENT).add("x"))),
        lie("through another client", it -> it.put("azp", "another")),
        lie("of another issuer", it -> it.put("iss", "https://other.example")),
        lie("of no issuer", it -> without(it, "iss")),
        lie("expired", it -> it.put("iat", now - 900).put("exp", now - 300)),
        lie("for ever", it -> without(it, "exp")),
        lie("of the future", it -> it.put("iat", now + 900).put("exp", now + 1_800)),
        lie("of nobody", it -> without(it, "sub")),
        lie("of a number", it -> it.put("sub", 7)),
        lie("of nonsense", it -> it.put("aud", 7).put("exp", "soon")));
  }

  private static Arguments lie(String name, UnaryOperator<JsonObject> claims) {
    return Arguments.of(Named.of(name, claims));
  }

  private static JsonObject without(JsonObject claims, String name) {
    claims.remove(name);
    return claims;
  }

  @ParameterizedTest
  @MethodSource("lies")
  void anIdTokenIsNotBelievedThatIs(UnaryOperator<JsonObject> lie) throws Exception {
    provider.claims = lie;
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    assertThat(
            accounts.value(
                "SELECT count(*) FROM accounts.account WHERE email = '%s'".formatted(email)))
        .isEqualTo("0");
  }

  @Test
  void anIdTokenIsNotBelievedThatTheProviderDidNotSign() throws Exception {
    provider.signer = provider::unsigned;
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    provider.signer = claims -> provider.unsigned(claims).replaceFirst("\\.$", "");
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    provider.signer = provider::signedByPublicKey;
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    provider.signer = provider::signedByAnother;
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    provider.signer = other::signed;
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    provider.signer = _ -> "nonsense";
    assertThat(signIn("work")).isEqualTo(refused(Reason.NOT_BELIEVED));
    provider.signer = provider::signed;
    assertThat(signIn("work")).isInstanceOf(OidcReply.SignedIn.class);
  }

  @Test
  void aProviderThatSignsWithANewKeyIsBelievedAtOnce() throws Exception {
    var account = account(signedIn());
    provider.rotate();
    assertThat(account(signedIn())).isEqualTo(account);
    long before = provider.asked.stream().filter("/keys"::equals).count();
    assertThat(account(signedIn())).isEqualTo(account);
    assertThat(provider.asked.stream().filter("/keys"::equals).count()).isEqualTo(before);
  }

  @Test
  void theAnswerIsTheProvidersOwn() throws Exception {
    for (String issuer : new String[] {"", "https://other.example", other.issuer()}) {
      var back = visit((OidcReply.Begun) begin("work"));
      assertThat(
              accounts.ask(
                  new OidcRequest.Finish(back.state(), back.browser(), back.code(), "", issuer)))
          .isEqualTo(refused(Reason.NOT_BELIEVED));
    }
    var back = visit((OidcReply.Begun) begin("work"));
    assertThat(
            accounts.ask(
                new OidcRequest.Finish(
                    back.state(), back.browser(), "", "access_denied", back.issuer())))
        .isEqualTo(refused(Reason.DENIED));
  }

  @Test
  void aProviderThatIsDownIsToldInTimeAndHarmsNobodyElse() throws Exception {
    try (var silent = new FakeProvider()) {
      silent.silent = true;
      var node = with(silent);
      try {
        long began = System.nanoTime();
        var down =
            node.node().bus().ask(new OidcRequest.Begin("work", ORIGIN), OidcRequest.DEADLINE);
        assertThat(node.ask(new OidcRequest.Begin("other", ORIGIN)))
            .isInstanceOf(OidcReply.Begun.class);
        assertThat(System.nanoTime() - began).isLessThan(2_000_000_000L);
        assertThat(AccountsNode.get(down)).isEqualTo(refused(Reason.UNREACHABLE));
        assertThat(System.nanoTime() - began).isLessThan(9_000_000_000L);
        silent.silent = false;
        silent.metadata = it -> it.put("token_endpoint", "http://example.org/token");
        assertThat(node.ask(new OidcRequest.Begin("work", ORIGIN)))
            .isEqualTo(refused(Reason.NOT_BELIEVED));
        silent.metadata = it -> it.put("issuer", "https://another.example");
        assertThat(node.ask(new OidcRequest.Begin("work", ORIGIN)))
            .isEqualTo(refused(Reason.NOT_BELIEVED));
        silent.metadata = it -> it.put("padding", "x".repeat(300_000));
        assertThat(node.ask(new OidcRequest.Begin("work", ORIGIN)))
            .isEqualTo(refused(Reason.NOT_BELIEVED));
        silent.metadata = UnaryOperator.identity();
        assertThat(node.ask(new OidcRequest.Begin("work", ORIGIN)))
            .isInstanceOf(OidcReply.Begun.class);
      } finally {
        node.close();
      }
    }
  }

  private AccountsNode with(FakeProvider first) throws Exception {
    var file =
        Files.writeString(
            accounts.data().resolve("silent.json"),
            new JsonArray()
                .add(first.settings("work", "Work & Co"))
                .add(other.settings("other", "Other"))
                .encode());
    return new AccountsNode(
        accounts.server(), accounts.data(), Map.of("STARLING_OIDC_FILE", file.toString()));
  }

  @Test
  void anIdentityIsForgottenUnlessItIsTheOnlyWayIn() throws Exception {
    var account = accounts.person(email);
    var _ = confirm((OidcReply.ProofNeeded) signIn("work"), AccountsNode.PASSWORD, "");
    var linked = identities(account).getFirst();
    assertThat(linked.issuer()).isEqualTo(provider.issuer());
    assertThat(linked.email()).isEqualTo(email);
    var strangers = new OidcRequest.RemoveIdentity(accounts.person(), linked.id());
    assertThat(accounts.ask(strangers)).isEqualTo(new OidcReply.UnknownIdentity());
    var remove = new OidcRequest.RemoveIdentity(account, linked.id());
    assertThat(accounts.ask(remove)).isEqualTo(new OidcReply.Removed());
    assertThat(accounts.ask(remove)).isEqualTo(new OidcReply.UnknownIdentity());
    assertThat(audit(account))
        .containsExactlyInAnyOrder("people.sign-up", "oidc.confirm", "oidc.identities.remove");
    assertThat(signIn("work")).isInstanceOf(OidcReply.ProofNeeded.class);

    provider.person = person("only-" + email, true);
    var only = account(signedIn());
    assertThat(accounts.ask(new OidcRequest.RemoveIdentity(only, identities(only).getFirst().id())))
        .isEqualTo(new OidcReply.LastWayIn());
    assertThat(identities(only)).hasSize(1);
  }
}

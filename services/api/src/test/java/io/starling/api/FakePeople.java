package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleReply.SignUpRefused.Reason;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The part of the accounts service that knows people, without a database. */
final class FakePeople {
  /** The one-time password of everybody who needs one, and what they come back with. */
  static final String OTP = "123456";

  static final String MFA_TOKEN = "e".repeat(40);

  /** That of every client that is made. */
  static final String SECRET = "f".repeat(40);

  /** That of every API user that is made. */
  static final String PROGRAM_TOKEN = "c".repeat(40);

  /** What a mailed link carries that is good. */
  static final String LINK = "d".repeat(40);

  private final FakeDirectory directory;
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<String, AccountId> accounts = new ConcurrentHashMap<>();
  private final Map<String, AccountId> refreshTokens = new ConcurrentHashMap<>();
  private final Set<AccountId> withMfa = ConcurrentHashMap.newKeySet();
  volatile PeopleRequest.LogIn lastLogIn = new PeopleRequest.LogIn("", "", "", "", 0);

  FakePeople(FakeDirectory directory) {
    this.directory = directory;
  }

  AccountId person(String email, String password) {
    return person(email, password, new JsonObject());
  }

  private AccountId person(String email, String password, JsonObject info) {
    var account = AccountId.create();
    passwords.put(email, password);
    accounts.put(email, account);
    directory.account(account, email, info);
    return account;
  }

  Optional<AccountId> find(String email) {
    return Optional.ofNullable(accounts.get(email));
  }

  private String email(AccountId account) {
    return accounts.entrySet().stream()
        .filter(entry -> entry.getValue().equals(account))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private boolean isRight(AccountId account, String password) {
    return password.equals(passwords.get(email(account)));
  }

  private PeopleReply written() {
    return new PeopleReply.Written(directory.end());
  }

  PeopleReply write(PeopleRequest request) {
    return switch (request) {
      case PeopleRequest.SignUp signUp -> signUp(signUp);
      case PeopleRequest.DescribeUser(var account, var info) -> {
        directory.account(account, email(account), new JsonObject(info));
        yield written();
      }
      case PeopleRequest.ChangeCredentials change -> {
        if (!isRight(change.account(), change.password())) {
          yield new PeopleReply.CredentialsInvalid();
        }
        if (change.newPassword() != null) {
          passwords.put(email(change.account()), change.newPassword());
        }
        yield written();
      }
      case PeopleRequest.DeleteUser(var account, var password, _) -> {
        if (!isRight(account, password)) {
          yield new PeopleReply.CredentialsInvalid();
        }
        accounts.remove(email(account));
        directory.remove("account", account.toString());
        yield written();
      }
      case PeopleRequest.ForgotPassword _ -> written();
      case PeopleRequest.ResetPassword(var hash, _) -> link(hash);
      case PeopleRequest.ConfirmEmail(var hash) -> link(hash);
      case PeopleRequest.LogIn login -> logIn(login);
      case PeopleRequest.LogInWithOtp login -> comeBack(login);
      case PeopleRequest.Refresh refresh -> {
        var account = refreshTokens.remove(refresh.refreshToken());
        yield account == null ? new PeopleReply.CredentialsInvalid() : loggedIn(account, 3_600);
      }
      case PeopleRequest.ListTokens list -> list(list);
      case PeopleRequest.StartMfa(var account) ->
          withMfa.contains(account)
              ? new PeopleReply.MfaIsOn()
              : new PeopleReply.MfaStarted(MFA_TOKEN, "SECRET", "otpauth://totp/Starling");
      case PeopleRequest.EnrolMfa enrol -> enrol(enrol);
      case PeopleRequest.DisableMfa(var account, var password, _) -> {
        if (!isRight(account, password)) {
          yield new PeopleReply.CredentialsInvalid();
        }
        withMfa.remove(account);
        directory.account(account, email(account), new JsonObject());
        yield written();
      }
      case PeopleRequest.CreateClient create -> {
        directory.client("made-1234", create.account(), create.product(), create.name(), SECRET);
        if (create.onlyCustomers()) {
          directory.onlyForCustomers("made-1234");
        }
        yield new PeopleReply.ClientCreated("made-1234", SECRET, directory.end());
      }
      case PeopleRequest.EditClient(var account, int product, var id, var name) -> {
        if (!id.equals("made-1234")) {
          yield new PeopleReply.ClientNotFound();
        }
        directory.client(id, account, product, name, SECRET);
        yield written();
      }
      case PeopleRequest.DeleteClient(_, _, var id) -> {
        if (!id.equals("made-1234")) {
          yield new PeopleReply.ClientNotFound();
        }
        directory.remove("client", id);
        yield written();
      }
      case PeopleRequest.IssueClientToken issue -> {
        String token = Secrets.newToken();
        var owner = Objects.requireNonNull(accounts.get(Region.EMAIL));
        directory.productToken(owner, token, Region.PRODUCT);
        yield new PeopleReply.LoggedIn(
            owner, token, Instant.now().toEpochMilli() + 3_600_000, null, directory.end());
      }
      case PeopleRequest.RevokeToken(var hash) -> {
        directory.remove("token", hash);
        yield written();
      }
      case PeopleRequest.RevokeAllTokens _ -> written();
    };
  }

  private PeopleReply link(String hash) {
    return hash.equals(Secrets.hash(LINK)) ? written() : new PeopleReply.LinkInvalid();
  }

  private PeopleReply enrol(PeopleRequest.EnrolMfa request) {
    if (!request.mfaToken().equals(MFA_TOKEN)) {
      return new PeopleReply.MfaTokenInvalid();
    }
    if (!request.otp().equals(OTP)) {
      return new PeopleReply.OtpInvalid();
    }
    withMfa.add(request.account());
    directory.account(request.account(), email(request.account()), new JsonObject(), true);
    return new PeopleReply.MfaEnrolled(List.of("0123456789abcdef"), directory.end());
  }

  private PeopleReply comeBack(PeopleRequest.LogInWithOtp request) {
    if (!request.mfaToken().equals(MFA_TOKEN)) {
      return new PeopleReply.MfaTokenInvalid();
    }
    return request.otp().equals(OTP)
        ? loggedIn(withMfa.iterator().next(), 0)
        : new PeopleReply.OtpInvalid();
  }

  private PeopleReply list(PeopleRequest.ListTokens request) {
    if (!request.password().equals(passwords.get(request.email()))) {
      return new PeopleReply.CredentialsInvalid();
    }
    return new PeopleReply.TokensFound(
        List.of(
            new PeopleReply.TokenLine("abcdef", "particle-cli", null, 1_767_323_045_678L, null),
            new PeopleReply.TokenLine(
                "012345", "particle", 1_767_323_045_678L, null, 1_767_323_000_000L)));
  }

  private PeopleReply signUp(PeopleRequest.SignUp request) {
    if (!request.email().contains("@")) {
      return new PeopleReply.SignUpRefused(Reason.NOT_AN_EMAIL);
    }
    if (accounts.containsKey(request.email())) {
      return new PeopleReply.SignUpRefused(Reason.IN_USE);
    }
    var made = person(request.email(), request.password(), new JsonObject(request.info()));
    return new PeopleReply.SignedUp(made, directory.end());
  }

  private PeopleReply logIn(PeopleRequest.LogIn login) {
    lastLogIn = login;
    if (login.email().startsWith("locked")) {
      return new PeopleReply.TooManyAttempts(1_800);
    }
    var account = accounts.get(login.email());
    if (account == null || !login.password().equals(passwords.get(login.email()))) {
      return new PeopleReply.CredentialsInvalid();
    }
    if (withMfa.contains(account)) {
      return new PeopleReply.MfaRequired(MFA_TOKEN);
    }
    var in = loggedIn(account, login.lifetimeSeconds());
    if (!login.scopes().isEmpty()) {
      directory.limit(in.token(), login.scopes());
    }
    return new PeopleReply.LoggedIn(
        account, in.token(), in.expiresAtMillis(), in.refreshToken(), directory.end());
  }

  private PeopleReply.LoggedIn loggedIn(AccountId account, long lifetimeSeconds) {
    String token = Secrets.newToken();
    Instant expiresAt = lifetimeSeconds == 0 ? null : Instant.now().plusSeconds(lifetimeSeconds);
    directory.token(account, token, expiresAt);
    if (expiresAt == null) {
      return new PeopleReply.LoggedIn(account, token, null, null, directory.end());
    }
    return new PeopleReply.LoggedIn(
        account, token, expiresAt.toEpochMilli(), refreshToken(account), directory.end());
  }

  String refreshToken(AccountId account) {
    String refresh = Secrets.newToken();
    refreshTokens.put(refresh, account);
    return refresh;
  }
}

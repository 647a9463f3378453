package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OAuthReply.SignInRefused.Reason;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The part of the accounts service that grants tokens, without a database; it looks at little. */
final class FakeOAuth {
  static final String USER_CODE = "BCDF-GHJK";
  static final String DEVICE_CODE = "b".repeat(40);

  private final FakeDirectory directory;
  private final FakePeople people;
  private final Map<String, OAuthRequest.GrantCode> codes = new ConcurrentHashMap<>();
  private Optional<OAuthRequest.BeginDevice> begun = Optional.empty();
  private Optional<OAuthRequest.DecideDevice> decided = Optional.empty();
  final List<String> used = new CopyOnWriteArrayList<>();

  /** Good ones; whose they are is taken from what the page says. */
  final Set<String> tickets = ConcurrentHashMap.newKeySet();

  FakeOAuth(FakeDirectory directory, FakePeople people) {
    this.directory = directory;
    this.people = people;
  }

  BusMessage answer(OAuthRequest request) {
    return switch (request) {
      case OAuthRequest.GrantCode grant ->
          signedIn(
              grant.who(),
              _ -> {
                String code = Secrets.newToken();
                codes.put(code, grant);
                return new OAuthReply.CodeGranted(code);
              });
      case OAuthRequest.ExchangeCode(var code, var client, var uri, _, long lifetime) -> {
        var grant = codes.remove(code);
        yield grant == null || !grant.client().equals(client) || !grant.redirectUri().equals(uri)
            ? new OAuthReply.CodeInvalid()
            : tokens(grant.who(), client, grant.scopes(), lifetime);
      }
      case OAuthRequest.BeginDevice begin -> {
        begun = Optional.of(begin);
        decided = Optional.empty();
        yield new OAuthReply.DeviceBegun(DEVICE_CODE, USER_CODE, 600, 5);
      }
      case OAuthRequest.FindDevice(var userCode, _) -> {
        if (userCode.startsWith("LOCKED")) {
          yield new OAuthReply.TooManyGuesses(30);
        }
        yield begun
            .filter(_ -> userCode.equals(USER_CODE))
            .<BusMessage>map(it -> new OAuthReply.DeviceFound(it.client(), it.scopes()))
            .orElseGet(OAuthReply.CodeInvalid::new);
      }
      case OAuthRequest.DecideDevice decide ->
          decide.userCode().equals(USER_CODE)
              ? signedIn(
                  decide.who(),
                  _ -> {
                    decided = Optional.of(decide);
                    return new OAuthReply.DeviceDecided();
                  })
              : new OAuthReply.CodeInvalid();
      case OAuthRequest.ExchangeDevice(var code, var client, long lifetime) ->
          code.equals(DEVICE_CODE) ? device(client, lifetime) : new OAuthReply.CodeInvalid();
      case OAuthRequest.RevokeOwn(var hash, _) -> {
        directory.remove("token", hash);
        yield new OAuthReply.Written(directory.end());
      }
      case OAuthRequest.NoteUses(var hashes, _) -> {
        used.addAll(hashes);
        yield new OAuthReply.Written(JournalPosition.START);
      }
    };
  }

  private BusMessage device(String client, long lifetime) {
    if (decided.isEmpty()) {
      return new OAuthReply.DeviceWaits(OAuthReply.DeviceWaits.Why.AUTHORIZATION_PENDING);
    }
    return decided.get().allowed()
        ? tokens(decided.get().who(), client, begun.orElseThrow().scopes(), lifetime)
        : new OAuthReply.DeviceWaits(OAuthReply.DeviceWaits.Why.ACCESS_DENIED);
  }

  private BusMessage signedIn(OAuthRequest.SignIn who, Function<AccountId, BusMessage> done) {
    if (!who.ticket().isEmpty()) {
      return tickets.remove(who.ticket())
          ? done.apply(people.find(who.email()).orElseThrow())
          : new SignInRefused(Reason.TICKET, 0);
    }
    var logIn =
        new PeopleRequest.LogIn(who.email(), who.password(), "page", who.clientAddress(), 60);
    return switch (people.write(logIn)) {
      case PeopleReply.LoggedIn in -> done.apply(in.account());
      case PeopleReply.MfaRequired _ when who.otp().isEmpty() ->
          new SignInRefused(Reason.OTP_NEEDED, 0);
      case PeopleReply.MfaRequired _ ->
          who.otp().equals(FakePeople.OTP)
              ? done.apply(people.find(who.email()).orElseThrow())
              : new SignInRefused(Reason.OTP, 0);
      case PeopleReply.TooManyAttempts(int seconds) -> new SignInRefused(Reason.TOO_MANY, seconds);
      default -> new SignInRefused(Reason.CREDENTIALS, 0);
    };
  }

  private BusMessage tokens(
      OAuthRequest.SignIn who, String client, List<String> scopes, long lifetime) {
    String token = Secrets.newToken();
    var expiresAt = Instant.now().plusSeconds(lifetime);
    var account = people.find(who.email()).orElseThrow();
    directory.token(account, token, expiresAt);
    directory.givenTo(client, token);
    if (!scopes.isEmpty()) {
      directory.limit(token, scopes);
    }
    return new OAuthReply.TokensGranted(
        token, expiresAt.toEpochMilli(), people.refreshToken(account), scopes, directory.end());
  }
}

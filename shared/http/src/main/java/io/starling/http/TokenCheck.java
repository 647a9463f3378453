package io.starling.http;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.bus.TokenUses;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a bearer token who asks: by its hash, in the Directory, with no question to anybody if
 * it is there. One that is not may have been made a moment ago elsewhere; so before it is called
 * bad, the Directory catches up with its log, and while that cannot be reached it is not called bad
 * at all: the tools delete a token that they are told is bad.
 *
 * <p>Belongs to one context. However many unknown tokens come, one question is under way.
 */
public final class TokenCheck {
  private static final Duration LIMIT = Duration.ofMillis(500);

  private final Bus bus;
  private final Directory directory;
  private final Patience patience;
  private final TokenUses uses;
  private @Nullable Future<Void> catchingUp;

  /** A check against this directory. */
  public TokenCheck(Bus bus, Directory directory, Patience patience, TokenUses uses) {
    this.bus = bus;
    this.directory = directory;
    this.patience = patience;
    this.uses = uses;
  }

  /** What a token is worth. */
  public sealed interface Verdict {}

  /** It is good. */
  public record Known(Principal principal) implements Verdict {}

  /** It is not. */
  public record Refused(Answer.Whole answer) implements Verdict {}

  /** Looks at a token by which somebody asks, and takes its use down. */
  public Future<Verdict> check(Optional<String> token) {
    return look(token)
        .onSuccess(
            verdict -> {
              if (verdict instanceof Known(var principal)) {
                uses.used(principal.tokenHash());
              }
            });
  }

  /** Looks at a token that nobody asks by. */
  public Future<Verdict> look(Optional<String> token) {
    if (token.isEmpty()) {
      return Future.succeededFuture(new Refused(Errors.tokenMissing()));
    }
    String hash = Secrets.hash(token.get());
    return directory.tokenEvenExpired(hash).isPresent()
        ? Future.succeededFuture(verdict(hash))
        : catchUp()
            .map(_ -> verdict(hash))
            .otherwise(_ -> new Refused(Errors.unavailable("Tokens cannot be checked for now", 2)));
  }

  private Verdict verdict(String hash) {
    var valid = directory.tokenEvenLimited(hash);
    if (valid.isPresent()) {
      return new Known(principal(valid.get()));
    }
    return new Refused(
        directory.tokenEvenExpired(hash).isPresent()
            ? Errors.tokenExpired()
            : Errors.tokenInvalid());
  }

  /** Completes when the directory shows what its log held a moment ago. */
  private Future<Void> catchUp() {
    if (catchingUp == null || catchingUp.isComplete()) {
      catchingUp =
          bus.ask(new DirectoryRequest.FeedAt(), LIMIT)
              .map(DirectoryReply.Feed::end)
              .compose(end -> patience.await(directory.reached(end, LIMIT), LIMIT));
    }
    return catchingUp;
  }

  /** Tells whether a principal's token is still good. */
  public boolean stillGood(Principal principal) {
    return directory.tokenEvenLimited(principal.tokenHash()).isPresent();
  }

  private static Principal principal(Entry.Token token) {
    return new Principal(
        token.account(),
        token.hash(),
        token.client(),
        token.expiresAt(),
        token.product(),
        token.scopes());
  }
}

package io.starling.http;

import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.util.Optional;

/**
 * Tells from a bearer token who asks: by its hash, in the Directory, with no question to anybody.
 * Thread-safe.
 */
public final class TokenCheck {
  private final Directory directory;

  /** A check against this directory. */
  public TokenCheck(Directory directory) {
    this.directory = directory;
  }

  /** What a token is worth. */
  public sealed interface Verdict {}

  /** It is good. */
  public record Known(Principal principal) implements Verdict {}

  /** It is not. */
  public record Refused(Answer.Whole answer) implements Verdict {}

  /** Looks at a token. */
  public Verdict check(Optional<String> token) {
    if (token.isEmpty()) {
      return new Refused(Errors.tokenMissing());
    }
    String hash = Secrets.hash(token.get());
    var valid = directory.token(hash);
    if (valid.isPresent()) {
      return new Known(principal(valid.get()));
    }
    return new Refused(
        directory.tokenEvenExpired(hash).isPresent()
            ? Errors.tokenExpired()
            : Errors.tokenInvalid());
  }

  /** Tells whether a principal's token is still good. */
  public boolean stillGood(Principal principal) {
    return directory.token(principal.tokenHash()).isPresent();
  }

  private static Principal principal(Entry.Token token) {
    return new Principal(token.account(), token.hash(), token.client(), token.expiresAt());
  }
}

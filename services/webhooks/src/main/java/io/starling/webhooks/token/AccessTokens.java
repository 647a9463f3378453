package io.starling.webhooks.token;

import io.starling.webhooks.connect.Clients;
import io.starling.webhooks.connect.Connector;
import io.starling.webhooks.credential.ClientCredentials;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that requests bear, kept until shortly before they expire. However many wait, one asks
 * for a token. Belongs to one event loop.
 */
public final class AccessTokens {
  private static final int MOST_KEPT = 4_096;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** A token is not used that may expire on its way. */
  private static final long MARGIN_NANOS = Duration.ofSeconds(30).toNanos();

  /** For so long nobody asks again where there was none. */
  private static final long REFUSED_NANOS = Duration.ofSeconds(1).toNanos();

  /** An endpoint that refuses one token after the other is not given a new one more often. */
  private static final long RENEWAL_NANOS = Duration.ofSeconds(5).toNanos();

  private final TokenClient client;

  private final Map<ClientCredentials, Grant> grants =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientCredentials, Grant> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /** A token, or what there is of it. */
  private record Grant(Future<String> token, Life life) {}

  private static final class Life {
    private final long bornNanos;
    private final boolean isRenewed;
    private long untilNanos;

    Life(long bornNanos, boolean isRenewed) {
      this.bornNanos = bornNanos;
      this.isRenewed = isRenewed;
    }
  }

  /** Tokens got over these connections. */
  public AccessTokens(Connector connector, Clients clients) {
    client = new TokenClient(connector, clients, LIMIT);
  }

  /**
   * A token that is good for a while.
   *
   * @return fails with a text to show, within its time
   */
  public Future<String> of(ClientCredentials credentials) {
    var known = grants.get(credentials);
    if (known != null
        && (!known.token.isComplete() || System.nanoTime() - known.life.untilNanos < 0)) {
      return known.token;
    }
    return ask(credentials, false);
  }

  private Future<String> ask(ClientCredentials credentials, boolean isRenewed) {
    var life = new Life(System.nanoTime(), isRenewed);
    var token =
        client
            .ask(credentials)
            // Before anybody hears of it.
            .onComplete(done -> life.untilNanos = System.nanoTime() + lifeNanos(done.result()))
            .compose(answer -> token(credentials, answer));
    grants.put(credentials, new Grant(token, life));
    return token;
  }

  private static Future<String> token(ClientCredentials credentials, TokenAnswer answer) {
    return switch (answer) {
      case TokenAnswer.Granted granted -> Future.succeededFuture(granted.token());
      case TokenAnswer.Denied(String why) ->
          Future.failedFuture("no access token: " + credentials.tokenUrl().host() + " " + why);
    };
  }

  private static long lifeNanos(@Nullable TokenAnswer answer) {
    return answer instanceof TokenAnswer.Granted granted
        ? Math.max(granted.life().toNanos() - MARGIN_NANOS, granted.life().toNanos() / 2)
        : REFUSED_NANOS;
  }

  /**
   * An endpoint has refused a token; it is not used again.
   *
   * @return whether it makes sense to try with another one at once
   */
  public boolean refused(ClientCredentials credentials, String token) {
    var known = grants.get(credentials);
    if (known == null || !known.token.succeeded() || !token.equals(known.token.result())) {
      return true;
    }
    var life = known.life;
    if (life.isRenewed && System.nanoTime() - life.bornNanos < RENEWAL_NANOS) {
      return false;
    }
    var _ = ask(credentials, true);
    return true;
  }
}

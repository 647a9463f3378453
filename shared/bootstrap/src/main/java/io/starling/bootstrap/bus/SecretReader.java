package io.starling.bootstrap.bus;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.SecretsReply;
import io.starling.contract.SecretsRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads the secrets of accounts for a service that uses them, such as in the headers of a webhook.
 * What it tells is never logged, and never shown to who asks over the API. Keeps nothing: a secret
 * that is changed is another at the next reading. Thread-safe.
 */
public final class SecretReader {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Bus bus;

  /** A reader over this bus. */
  public SecretReader(Bus bus) {
    this.bus = bus;
  }

  /** What came of reading. */
  public sealed interface Reading {}

  /**
   * They were read.
   *
   * @param values by name, of those that there are
   */
  public record Values(Map<String, String> values) implements Reading {
    @Override
    public String toString() {
      return "Values" + values.keySet();
    }
  }

  /** Not now: the database is away, or nobody answered; the same may work later. */
  public record Unavailable(int retryAfterSeconds) implements Reading {}

  /**
   * Reads some of an account's secrets.
   *
   * @param names at most {@link SecretsRequest#MOST}; without any, nobody is asked
   * @return fails only if machinery broke
   */
  public Future<Reading> read(AccountId account, Collection<String> names) {
    if (names.isEmpty()) {
      return Future.succeededFuture(new Values(Map.of()));
    }
    return bus.ask(new SecretsRequest.ReadSecrets(account, List.copyOf(names)), DEADLINE)
        .<Reading>map(
            reply ->
                switch (reply) {
                  case SecretsReply.SecretValues(var values) -> new Values(values);
                  case AccountsReply.DatabaseDown(int seconds) -> new Unavailable(seconds);
                })
        .recover(
            cause ->
                Bus.isNobody(cause) || Bus.isTimeout(cause)
                    ? Future.succeededFuture(new Unavailable(RETRY_AFTER_SECONDS))
                    : Future.failedFuture(cause));
  }
}

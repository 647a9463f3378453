package io.starling.webhooks.integration;

import io.starling.contract.Actor;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;

/** Forgets signing keys whose time is over: nothing is signed by them any more. */
public final class ExpiredKeys {
  private final ConfigurationWriter writer;
  private final SigningKeyStore store = new SigningKeyStore();

  /** Those in the database of this writer. */
  public ExpiredKeys(ConfigurationWriter writer) {
    this.writer = writer.by(Actor.service("signing keys"), "");
  }

  /** Forgets some; several processes may do so at once. */
  public Future<Integer> turn() {
    return writer.write(store::forget).map(ConfigurationWriter.Written::value);
  }
}

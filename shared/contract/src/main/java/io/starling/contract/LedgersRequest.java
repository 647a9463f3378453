package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What the accounts service answers about ledgers: state that an account and its devices share, a
 * JSON object for each device, each product or the account.
 *
 * <p>A ledger goes one way. <em>Downstream</em>, it is what people want devices to be: part of the
 * configuration, in the directory, told to devices at once. <em>Upstream</em>, it is what devices
 * say they are: events named {@link #EVENT_PREFIX} and the ledger's name, acknowledged once the
 * journal has them, which the drain brings here. Writing, and reading what was reported or
 * replaced, needs the database, and is answered with {@link AccountsReply.DatabaseDown} within a
 * second without it. What is absent and what is another account's are answered alike.
 *
 * <p>A version is a number that grows with each write of an instance, also over its deletion; no
 * two instances share one but by accident, so that a device whose version is another than the
 * instance's has another state.
 */
public sealed interface LedgersRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.ledgers";

  /** How the name of an event begins that reports a state of its device. */
  String EVENT_PREFIX = "particle/ledger/";

  /** The largest state: bytes of its JSON in UTF-8, without blanks. */
  int MAX_DATA_BYTES = 16 * 1024;

  /** How many replaced versions of an instance are kept. */
  int KEPT_VERSIONS = 10;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Make a ledger. At most 100 for an account, archived ones among them.
   *
   * @param upstream whether devices write it; then its scope is {@link LedgerScope#DEVICE}
   */
  @Wire("ledgers.create")
  record CreateLedger(
      AccountId account, String name, LedgerScope scope, boolean upstream, String description)
      implements LedgersRequest, Request<LedgersReply.LedgerReply> {}

  /** Change a ledger; null leaves a field as it is. An archived one goes to and from no device. */
  @Wire("ledgers.edit")
  record EditLedger(
      AccountId account, String name, @Nullable String description, @Nullable Boolean archived)
      implements LedgersRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Write an instance of a downstream ledger that is not archived.
   *
   * @param scopeValue the id of the account, the device or the product
   * @param data a JSON object; null deletes the instance, which devices see as an empty one
   * @param merges whether it is a merge patch (RFC 7396), with null for what is to go, rather than
   *     all of it
   * @param ifVersion only if this is its version (0: there is none); null for any
   */
  @Wire("ledgers.instance.set")
  record SetInstance(
      AccountId account,
      String ledger,
      String scopeValue,
      @Nullable String data,
      boolean merges,
      @Nullable Long ifVersion)
      implements LedgersRequest, Request<LedgersReply.InstanceReply> {}

  /**
   * Take note of what devices reported; what is of no upstream ledger is passed over. May be sent
   * twice: a report does not take the place of a later one of its device.
   *
   * @param events in the form of {@link EventBatch}, about 1 MiB at most
   */
  @Wire("ledgers.report")
  record StoreReports(Buffer events)
      implements LedgersRequest, Request<LedgersReply.ReportsReply> {}

  /**
   * What was reported, by scope value.
   *
   * @param scopeValue the only one wanted; null for all
   * @param offset how many to pass over
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("ledgers.reported")
  record FindReported(
      AccountId account, String ledger, @Nullable String scopeValue, int offset, int limit)
      implements LedgersRequest, Request<LedgersReply.StatesReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 100;
  }

  /** The versions of an instance that are kept, the latest first, the present one among them. */
  @Wire("ledgers.versions")
  record FindVersions(AccountId account, String ledger, String scopeValue)
      implements LedgersRequest, Request<LedgersReply.StatesReply> {}
}

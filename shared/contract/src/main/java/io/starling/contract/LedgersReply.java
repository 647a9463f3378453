package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about ledgers, beside {@link AccountsReply.WriteReply}. */
public sealed interface LedgersReply extends BusMessage {

  /** The answer to {@link LedgersRequest.CreateLedger}. */
  sealed interface LedgerReply extends LedgersReply
      permits LedgerMade, LedgerRefused, AccountsReply.DatabaseDown {}

  /** It is there. */
  @Wire("ledgers.made")
  record LedgerMade(JournalPosition position) implements LedgerReply {}

  /** It cannot be made. */
  @Wire("ledgers.refused")
  record LedgerRefused(Reason reason) implements LedgerReply {
    /** Why. */
    public enum Reason {
      NAME_IN_USE,
      TOO_MANY
    }
  }

  /** The answer to {@link LedgersRequest.SetInstance}. */
  sealed interface InstanceReply extends LedgersReply
      permits InstanceSet, InstanceRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It is as was asked. */
  @Wire("ledgers.instance-set")
  record InstanceSet(long version, JournalPosition position) implements InstanceReply {}

  /**
   * It stays as it is.
   *
   * @param version that it has, 0 if it is not there
   */
  @Wire("ledgers.instance-refused")
  record InstanceRefused(Reason reason, long version) implements InstanceReply {
    /** Why. */
    public enum Reason {
      /** It has another version than the one asked for. */
      OTHER_VERSION,
      /** It would be larger than {@link LedgersRequest#MAX_DATA_BYTES}. */
      TOO_LARGE,
      /** The account's instances would be too many, or too large together. */
      NO_ROOM,
      /** Devices write the ledger, or nobody since it is archived. */
      NOT_WRITABLE
    }
  }

  /** The answer to {@link LedgersRequest.StoreReports}. */
  sealed interface ReportsReply extends LedgersReply
      permits ReportsStored, AccountsReply.DatabaseDown {}

  /** All that counts is stored. */
  @Wire("ledgers.reports-stored")
  record ReportsStored() implements ReportsReply {}

  /** The answer to questions for states. */
  sealed interface StatesReply extends LedgersReply
      permits StatesFound, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /**
   * States of one ledger.
   *
   * @param total how many there are, these among them
   */
  @Wire("ledgers.states")
  record StatesFound(List<State> states, long total) implements StatesReply {}

  /**
   * A state.
   *
   * @param data a JSON object
   * @param createdAtMillis when the instance was first written, of a version: when that was
   * @param replacedAtMillis null while it is the present one
   */
  record State(
      String scopeValue,
      long version,
      String data,
      long createdAtMillis,
      long updatedAtMillis,
      @Nullable Long replacedAtMillis) {}
}

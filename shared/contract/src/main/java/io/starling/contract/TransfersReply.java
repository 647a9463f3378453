package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about transfers, beside {@link AccountsReply.WriteReply}. */
public sealed interface TransfersReply extends BusMessage {

  /** The answer to {@link TransfersRequest.RequestTransfer}. */
  sealed interface RequestReply extends TransfersReply
      permits TransferRequested, TransferRefused, AccountsReply.DatabaseDown {}

  /** The owner is asked, or was already. */
  @Wire("transfers.requested")
  record TransferRequested(String transfer) implements RequestReply {}

  /** Nobody is asked. */
  @Wire("transfers.refused")
  record TransferRefused(Reason reason) implements RequestReply {
    /** Why. */
    public enum Reason {
      /** Or nobody's, or the account's already: it does not have to be asked for. */
      UNKNOWN,
      TOO_MANY
    }
  }

  /** The answer to {@link TransfersRequest.ListTransfers}. */
  sealed interface ListReply extends TransfersReply
      permits TransfersFound, AccountsReply.DatabaseDown {}

  /** These, the newest first, at most a thousand. */
  @Wire("transfers.found")
  record TransfersFound(List<TransferLine> transfers) implements ListReply {}

  /**
   * A transfer whose answer is due.
   *
   * @param requester who wants the device, by address; null if that is the account itself
   */
  record TransferLine(
      String transfer, DeviceId device, @Nullable String requester, long createdAtMillis) {}
}

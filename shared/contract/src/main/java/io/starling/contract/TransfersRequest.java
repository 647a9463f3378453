package io.starling.contract;

/**
 * What the accounts service answers about devices that somebody wants of somebody else. All of
 * these need the database and answer {@link AccountsReply.DatabaseDown} within a second without it.
 * What is absent, over, and another's business are answered alike.
 */
public sealed interface TransfersRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.transfers";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Ask the owner of a device for it, by mail. Asking again while the answer is due sends nothing;
   * it is over after seven days.
   */
  @Wire("transfers.request")
  record RequestTransfer(AccountId account, DeviceId device)
      implements TransfersRequest, Request<TransfersReply.RequestReply> {}

  /** List what an account is asked for, and what it asks for. */
  @Wire("transfers.list")
  record ListTransfers(AccountId account)
      implements TransfersRequest, Request<TransfersReply.ListReply> {}

  /** Answer a transfer that the account is asked for; the device changes hands, or does not. */
  @Wire("transfers.answer")
  record AnswerTransfer(AccountId account, String transfer, boolean accept)
      implements TransfersRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Answer a transfer by the link that was mailed to the owner.
   *
   * @param linkHash the SHA-256 of what the link carries, in hexadecimal digits
   */
  @Wire("transfers.answer-by-link")
  record AnswerByLink(String linkHash, boolean accept)
      implements TransfersRequest, Request<AccountsReply.WriteReply> {}

  /** Ask for a device no more. */
  @Wire("transfers.withdraw")
  record WithdrawTransfer(AccountId account, String transfer)
      implements TransfersRequest, Request<AccountsReply.WriteReply> {}
}

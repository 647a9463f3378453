package io.starling.accounts;

import io.starling.accounts.transfer.Transfers;
import io.starling.contract.BusMessage;
import io.starling.contract.TransfersRequest;
import io.vertx.core.Future;

/** What is asked about transfers. */
record TransfersAnswers(Transfers transfers) {

  Future<? extends BusMessage> answer(TransfersRequest request) {
    return switch (request) {
      case TransfersRequest.RequestTransfer ask -> transfers.request(ask);
      case TransfersRequest.ListTransfers list -> transfers.list(list);
      case TransfersRequest.AnswerTransfer answer -> transfers.answer(answer);
      case TransfersRequest.AnswerByLink answer -> transfers.answer(answer);
      case TransfersRequest.WithdrawTransfer withdraw -> transfers.withdraw(withdraw);
    };
  }
}

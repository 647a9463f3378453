package io.starling.accounts;

import io.starling.accounts.ledger.Ledgers;
import io.starling.accounts.ledger.Reports;
import io.starling.contract.BusMessage;
import io.starling.contract.LedgersRequest;
import io.vertx.core.Future;

/** What is asked about ledgers, by who answers. */
record LedgersAnswers(Ledgers ledgers, Reports reports) {

  Future<? extends BusMessage> answer(LedgersRequest request) {
    return switch (request) {
      case LedgersRequest.CreateLedger create -> ledgers.create(create);
      case LedgersRequest.EditLedger edit -> ledgers.edit(edit);
      case LedgersRequest.SetInstance set -> ledgers.set(set);
      case LedgersRequest.StoreReports store -> reports.store(store);
      case LedgersRequest.FindReported find -> reports.find(find);
      case LedgersRequest.FindVersions find -> reports.versions(find);
    };
  }
}

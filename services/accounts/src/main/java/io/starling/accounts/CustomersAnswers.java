package io.starling.accounts;

import io.starling.accounts.customer.Customers;
import io.starling.contract.BusMessage;
import io.starling.contract.CustomersRequest;
import io.vertx.core.Future;

/** What is asked about customers. */
record CustomersAnswers(Customers customers) {

  Future<? extends BusMessage> answer(CustomersRequest request) {
    return switch (request) {
      case CustomersRequest.CreateCustomer create -> customers.create(create);
      case CustomersRequest.IssueToken issue -> customers.issue(issue);
      case CustomersRequest.LogIn logIn -> customers.logIn(logIn);
      case CustomersRequest.SetPassword set -> customers.setPassword(set);
      case CustomersRequest.DeleteCustomer delete -> customers.delete(delete);
      case CustomersRequest.ForgotPassword forgot -> customers.forgot(forgot);
    };
  }
}

package io.starling.contract;

/** What the accounts service answers about customers, beside what {@link PeopleReply} has. */
public sealed interface CustomersReply extends BusMessage {

  /** The answer to {@link CustomersRequest.CreateCustomer}. */
  sealed interface CreateReply extends CustomersReply
      permits PeopleReply.LoggedIn,
          PeopleReply.SignUpRefused,
          PeopleReply.ClientNotFound,
          TooManyCustomers,
          PeopleReply.DatabaseDown {}

  /** The product has as many as it may have. */
  @Wire("customers.too-many")
  record TooManyCustomers() implements CreateReply {}

  /** The answer to what changes a customer. */
  sealed interface ChangeReply extends CustomersReply
      permits PeopleReply.Written,
          PeopleReply.SignUpRefused,
          CustomerNotFound,
          PeopleReply.DatabaseDown {}

  /** There is no such customer. */
  @Wire("customers.not-found")
  record CustomerNotFound() implements ChangeReply {}
}

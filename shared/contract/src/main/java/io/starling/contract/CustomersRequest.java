package io.starling.contract;

import org.jspecify.annotations.Nullable;

/**
 * What the accounts service answers about the customers of products. All of these need the database
 * and answer {@link PeopleReply.DatabaseDown} within a second without it. A reply that tells a
 * position has its change in the directory up to there. What a client is for was looked at before,
 * and its secret.
 */
public sealed interface CustomersRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.customers";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Make a customer of the product of a client, and a token of his.
   *
   * @param password null for one who gets his tokens from the client alone
   * @param lifetimeSeconds 0 for a token that never expires
   */
  @Wire("customers.create")
  record CreateCustomer(
      String client, String email, @Nullable String password, long lifetimeSeconds)
      implements CustomersRequest, Request<CustomersReply.CreateReply> {
    @Override
    public String toString() {
      return "CreateCustomer[" + client + "]";
    }
  }

  /** Make a token of a customer for the client of his product, which vouches for him. */
  @Wire("customers.token")
  record IssueToken(String client, String email, long lifetimeSeconds)
      implements CustomersRequest, Request<PeopleReply.LogInReply> {}

  /**
   * Exchange a customer's own password for a token.
   *
   * @param clientAddress where the client connects from, for the limit on guessing
   */
  @Wire("customers.log-in")
  record LogIn(
      String client, String email, String password, String clientAddress, long lifetimeSeconds)
      implements CustomersRequest, Request<PeopleReply.LogInReply> {
    @Override
    public String toString() {
      return "LogIn[" + client + "]";
    }
  }

  /** Set a customer's password; his tokens are revoked. */
  @Wire("customers.edit")
  record SetPassword(int product, String email, String password)
      implements CustomersRequest, Request<CustomersReply.ChangeReply> {
    @Override
    public String toString() {
      return "SetPassword[" + product + "]";
    }
  }

  /** Delete a customer with his tokens; his devices are without a customer then. */
  @Wire("customers.delete")
  record DeleteCustomer(int product, String email)
      implements CustomersRequest, Request<CustomersReply.ChangeReply> {}

  /** Mail a customer a link for a new password, if there is one of this address: not told. */
  @Wire("customers.password.forgot")
  record ForgotPassword(int product, String email)
      implements CustomersRequest, Request<PeopleReply.WriteReply> {}
}

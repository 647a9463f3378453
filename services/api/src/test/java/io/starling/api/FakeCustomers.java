package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.CustomersReply;
import io.starling.contract.CustomersRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleReply.SignUpRefused.Reason;
import io.starling.directory.Secrets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The part of the accounts service that knows the customers of the region's product. */
final class FakeCustomers {
  private final FakeDirectory directory;
  private final Map<String, AccountId> accounts = new ConcurrentHashMap<>();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();

  FakeCustomers(FakeDirectory directory) {
    this.directory = directory;
  }

  boolean isCustomer(AccountId account) {
    return accounts.containsValue(account);
  }

  AccountId customer(String email) {
    var id = AccountId.create();
    accounts.put(email, id);
    directory.customer(id, email, Region.PRODUCT);
    return id;
  }

  BusMessage write(CustomersRequest request) {
    return switch (request) {
      case CustomersRequest.CreateCustomer(_, var email, var password, _) -> {
        if (!email.contains("@") || accounts.containsKey(email)) {
          yield new PeopleReply.SignUpRefused(
              accounts.containsKey(email) ? Reason.IN_USE : Reason.NOT_AN_EMAIL);
        }
        if (password != null) {
          passwords.put(email, password);
        }
        yield in(customer(email));
      }
      case CustomersRequest.IssueToken(_, var email, _) ->
          accounts.containsKey(email)
              ? in(Objects.requireNonNull(accounts.get(email)))
              : new PeopleReply.CredentialsInvalid();
      case CustomersRequest.LogIn(_, var email, var password, _, _) ->
          password.equals(passwords.get(email))
              ? in(Objects.requireNonNull(accounts.get(email)))
              : new PeopleReply.CredentialsInvalid();
      case CustomersRequest.SetPassword(_, var email, var password) -> {
        passwords.replace(email, password);
        yield known(email);
      }
      case CustomersRequest.DeleteCustomer(_, var email) -> {
        var reply = known(email);
        var id = accounts.remove(email);
        if (id != null) {
          directory.remove("account", id.toString());
        }
        yield reply;
      }
      case CustomersRequest.ForgotPassword _ -> new PeopleReply.Written(directory.end());
    };
  }

  private CustomersReply known(String email) {
    return accounts.containsKey(email)
        ? new PeopleReply.Written(directory.end())
        : new CustomersReply.CustomerNotFound();
  }

  private PeopleReply.LoggedIn in(AccountId account) {
    String token = Secrets.newToken();
    directory.productToken(account, token, Region.PRODUCT);
    return new PeopleReply.LoggedIn(
        account,
        token,
        Instant.now().toEpochMilli() + 3_600_000,
        Secrets.newToken(),
        directory.end());
  }
}

package io.starling.api.access;

import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.Origin;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the product and the device that a path names ({@code :product} by number or slug, {@code
 * :device} by id or name), as far as they are the caller's: his own devices (of a customer those
 * that he has), and in a product that he works on every device of it. Whether he may do there what
 * the route does was looked at before, by {@link TokenReach}. Thread-safe.
 */
public final class Access {
  private final Directory directory;
  private final TokenReach reach;

  /** Over this directory. */
  public Access(Directory directory) {
    this.directory = directory;
    this.reach = new TokenReach(directory);
  }

  /** The product of the path. */
  public Named<Entry.Product> product(Exchange exchange) {
    return directory
        .product(exchange.path("product"))
        .filter(product -> !reach.rights(exchange.principal(), product).isEmpty())
        .<Named<Entry.Product>>map(Named.Yours::new)
        .orElseGet(() -> new Named.Absent<>(Errors.error(404, "Product not found.")));
  }

  /** The organization of the path. */
  public Named<Entry.Organization> organization(Exchange exchange) {
    return directory
        .organizations()
        .find(exchange.path("org"))
        .filter(found -> !reach.rights(exchange.principal(), found).isEmpty())
        .<Named<Entry.Organization>>map(Named.Yours::new)
        .orElseGet(() -> new Named.Absent<>(NotYours.organization()));
  }

  /** Whether the caller may do something with what is his own, and may have such. */
  public boolean mayOwn(Principal who, Scope scope) {
    return reach.mayOwn(who, scope);
  }

  /** What the caller may do in an organization and its products. */
  public Set<Scope> rights(Principal who, Entry.Organization organization) {
    return reach.rights(who, organization);
  }

  /** What the caller may do in a product. */
  public Set<Scope> rights(Principal who, Entry.Product product) {
    return reach.rights(who, product);
  }

  /**
   * Tells whether the caller may still do something with what is an account's.
   *
   * @param product only of this product; 0 for all of the account
   */
  public boolean mayStill(Principal who, AccountId account, int product, Scope scope) {
    return product != 0
        ? mayStill(who, product, scope)
            // What another account's product does is not read where it was.
            && directory.product(product).filter(it -> it.owner().equals(account)).isPresent()
        : directory
            .organizations()
            .find(account)
            // A customer's token is for what of it he may see at any time.
            .filter(_ -> who.product() == 0)
            .map(found -> reach.rights(who, found).contains(scope))
            // No organization's: his own, or what was looked at when he asked.
            .orElse(true);
  }

  /** Tells whether the caller may still do something in a product; 0 stands for none. */
  public boolean mayStill(Principal who, int product, Scope scope) {
    return product == 0
        || directory
            .product(product)
            .filter(found -> reach.rights(who, found).contains(scope))
            .isPresent();
  }

  /** The customer who asks; empty if it is anybody else. */
  public Optional<Entry.Account> customer(Exchange exchange) {
    return directory.account(exchange.principal().account()).filter(Entry.Account::isCustomer);
  }

  /**
   * Whose things a path is about: its organization's, the owner's of its product, or of the product
   * whose customer asks, or else the caller's.
   */
  public AccountId account(Exchange exchange) {
    var caller =
        customer(exchange)
            .flatMap(customer -> directory.product(customer.customerOf()))
            .map(Entry.Product::owner)
            .orElse(exchange.principal().account());
    if (exchange.hasPath("org")) {
      return switch (organization(exchange)) {
        case Named.Yours<Entry.Organization>(var organization) -> organization.id();
        case Named.Absent<Entry.Organization> _ -> caller;
      };
    }
    if (!exchange.hasPath("product")) {
      return caller;
    }
    return switch (product(exchange)) {
      case Named.Yours<Entry.Product>(var product) -> product.owner();
      case Named.Absent<Entry.Product> _ -> caller;
    };
  }

  /**
   * Whose things a path is about, where they are kept by account: its organization's, the owner's
   * of its product, or else the caller's.
   */
  public Named<AccountId> keeper(Exchange exchange) {
    if (exchange.hasPath("org")) {
      return organization(exchange).map(Entry.Organization::id);
    }
    return exchange.hasPath("product")
        ? product(exchange).map(Entry.Product::owner)
        : new Named.Yours<>(exchange.principal().account());
  }

  /**
   * Which events the caller may see of those of {@link #account}: all; a customer those of the
   * devices that he has, since he has them.
   */
  public Predicate<Event> visible(Exchange exchange) {
    return customer(exchange)
        .<Predicate<Event>>map(
            customer ->
                event ->
                    event.origin() == Origin.DEVICE
                        && directory
                            .device(event.id().origin())
                            .map(Entry.Device::custody)
                            .filter(custody -> custody.customer().equals(customer.id()))
                            .filter(
                                custody ->
                                    event.publishedAtMillis() >= custody.since().toEpochMilli())
                            .isPresent())
        .orElse(_ -> true);
  }

  /** The device of the path: of the caller's, or of the path's product where it names one. */
  public Named<Entry.Device> device(Exchange exchange) {
    String idOrName = exchange.path("device");
    if (!exchange.hasPath("product")) {
      return yours(directory.deviceOf(exchange.principal().account(), idOrName));
    }
    return switch (product(exchange)) {
      case Named.Yours<Entry.Product>(var product) ->
          yours(directory.deviceIn(product.id(), idOrName));
      case Named.Absent<Entry.Product>(var answer) -> new Named.Absent<>(answer);
    };
  }

  private static Named<Entry.Device> yours(Optional<Entry.Device> device) {
    return device
        .<Named<Entry.Device>>map(Named.Yours::new)
        .orElseGet(() -> new Named.Absent<>(NotYours.device()));
  }
}

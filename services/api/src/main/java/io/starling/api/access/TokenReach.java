package io.starling.api.access;

import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Principal;
import io.starling.http.Reach;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token reaches. A customer's: his own devices, and the few routes that are made for that. A
 * person's: what is his own, and in the products of others what his role in their teams or
 * organizations allows. One with scopes: no more than those. An API user's or an OAuth client's of
 * a product: that product alone; an API user's of an organization: that and its products. A product
 * in whose team one is not is answered as one that is absent; what one's role there does not allow
 * is told to be so.
 */
public final class TokenReach implements Reach {
  private static final String PRODUCT = "/v1/products/:product";
  private static final String ORGANIZATION = "/v1/orgs/:org";

  /** What the client of a product may do there. */
  private static final Set<Scope> OF_CLIENT =
      Collections.unmodifiableSet(
          EnumSet.of(
              Scope.PRODUCTS_GET,
              Scope.DEVICES_LIST,
              Scope.DEVICES_GET,
              Scope.DEVICES_PING,
              Scope.DEVICES_UPDATE,
              Scope.DEVICES_REMOVE,
              Scope.DEVICES_FUNCTION_CALL,
              Scope.DEVICES_VARIABLE_GET,
              Scope.DEVICES_DIAGNOSTICS_GET,
              Scope.DEVICES_DIAGNOSTICS_METADATA_GET,
              Scope.DEVICES_DIAGNOSTICS_UPDATE,
              Scope.EVENTS_GET,
              Scope.EVENTS_SEND,
              Scope.CUSTOMERS_LIST,
              Scope.CUSTOMERS_UPDATE,
              Scope.CUSTOMERS_REMOVE,
              Scope.INTEGRATIONS_LIST,
              Scope.INTEGRATIONS_GET,
              Scope.INTEGRATIONS_CREATE,
              Scope.INTEGRATIONS_UPDATE,
              Scope.INTEGRATIONS_REMOVE));

  /** What a customer may do, with his own devices. */
  private static final Set<Scope> OF_CUSTOMER =
      Collections.unmodifiableSet(
          EnumSet.of(
              Scope.DEVICES_LIST,
              Scope.DEVICES_GET,
              Scope.DEVICES_CLAIM,
              Scope.DEVICES_UPDATE,
              Scope.DEVICES_PING,
              Scope.DEVICES_FUNCTION_CALL,
              Scope.DEVICES_VARIABLE_GET,
              Scope.EVENTS_GET));

  /** Where, beside the claim codes of his product; each route of these filters what he is shown. */
  private static final Set<String> FOR_CUSTOMERS =
      Set.of(
          "/v1/device_claims",
          "/v1/devices",
          "/v1/devices/:device",
          "/v1/devices/:device/ping",
          "/v1/devices/:device/:variable",
          "/v1/devices/:device/:function",
          "/v1/devices/:device/events",
          "/v1/devices/:device/events/*",
          "/v1/devices/:device/events/history",
          "/v1/devices/events",
          "/v1/devices/events/*",
          "/v1/events",
          "/v1/events/*",
          "/v1/events/history");

  /** What of it he may do below his product: make claim codes. */
  private static final Set<Scope> OF_CUSTOMER_IN_PRODUCT = Set.of(Scope.DEVICES_CLAIM);

  private final Directory directory;

  /** Over this directory. */
  public TokenReach(Directory directory) {
    this.directory = directory;
  }

  @Override
  public Optional<Answer.Whole> refusal(Exchange exchange, Scope scope, String pattern) {
    var who = exchange.principal();
    if (scope == Scope.TOKEN) {
      return Optional.empty();
    }
    if (below(pattern, ORGANIZATION)) {
      if (isOfProduct(who) || !mayEver(who, scope)) {
        return Optional.of(outside(who));
      }
      var organization = directory.organizations().find(exchange.path("org"));
      var rights = organization.map(found -> rights(who, found)).orElse(Set.of());
      return refusal(rights, scope, NotYours.organization(), "organization");
    }
    if (!below(pattern, PRODUCT)) {
      boolean there = isCustomer(who) ? FOR_CUSTOMERS.contains(pattern) : ownsThings(who);
      return there && mayEver(who, scope) ? Optional.empty() : Optional.of(outside(who));
    }
    if (!mayEver(who, scope)) {
      return Optional.of(outside(who));
    }
    var product = directory.product(exchange.path("product"));
    var rights = product.map(found -> rights(who, found)).orElse(Set.of());
    return refusal(rights, scope, Errors.error(404, "Product not found."), "product");
  }

  private static boolean below(String pattern, String place) {
    return pattern.equals(place) || pattern.startsWith(place + "/");
  }

  private static Optional<Answer.Whole> refusal(
      Set<Scope> rights, Scope scope, Answer.Whole absent, String place) {
    if (rights.isEmpty()) {
      return Optional.of(absent);
    }
    return rights.contains(scope) ? Optional.empty() : Optional.of(notOfThisRole(place));
  }

  private static boolean isOfProduct(Principal who) {
    return who.product() != 0;
  }

  /** A token of a product has nothing of its own, nor has an API user. */
  private boolean ownsThings(Principal who) {
    return !isOfProduct(who) && !isProgram(who);
  }

  private boolean isProgram(Principal who) {
    return directory.account(who.account()).filter(Entry.Account::program).isPresent();
  }

  private boolean isCustomer(Principal who) {
    return directory.account(who.account()).filter(Entry.Account::isCustomer).isPresent();
  }

  boolean mayOwn(Principal who, Scope scope) {
    return ownsThings(who) && !isCustomer(who) && mayEver(who, scope);
  }

  /** Whether the token is for this at all, whatever it is asked about. */
  private boolean mayEver(Principal who, Scope scope) {
    var scopes = scopes(who);
    return scopes == null || scopes.contains(scope);
  }

  private @Nullable Set<Scope> scopes(Principal who) {
    if (isCustomer(who)) {
      return OF_CUSTOMER;
    }
    return who.scopes() == null && who.product() != 0 ? OF_CLIENT : who.scopes();
  }

  /** What somebody may do in a product by this token; nothing if it is none of his business. */
  Set<Scope> rights(Principal who, Entry.Product product) {
    if (who.product() != 0 && who.product() != product.id()) {
      return Set.of();
    }
    if (isCustomer(who)) {
      return who.product() == product.id() ? OF_CUSTOMER_IN_PRODUCT : Set.of();
    }
    return limited(who, directory.teams().rights(who.account(), product));
  }

  /** What somebody may do in an organization by this token; nothing if he is not in it. */
  Set<Scope> rights(Principal who, Entry.Organization organization) {
    return isOfProduct(who)
        ? Set.of()
        : limited(who, directory.organizations().rights(who.account(), organization.id()));
  }

  private Set<Scope> limited(Principal who, Set<Scope> byTeam) {
    var byToken = scopes(who);
    if (byToken == null || byTeam.isEmpty()) {
      return byTeam;
    }
    var both = EnumSet.noneOf(Scope.class);
    byTeam.stream().filter(byToken::contains).forEach(both::add);
    return both;
  }

  private Answer.Whole outside(Principal who) {
    return isProgram(who)
        ? Errors.oauth(403, "unauthorized", "API users are not allowed to call this endpoint")
        : Reach.outside();
  }

  private static Answer.Whole notOfThisRole(String place) {
    return Errors.oauth(403, "unauthorized", "Your role in this " + place + " does not allow this");
  }
}

package io.starling.contract;

import static io.starling.contract.Scope.AUDIT_LIST;
import static io.starling.contract.Scope.AUTHORITIES_CREATE;
import static io.starling.contract.Scope.AUTHORITIES_REMOVE;
import static io.starling.contract.Scope.CUSTOMERS_REMOVE;
import static io.starling.contract.Scope.DEVICES_DIAGNOSTICS_UPDATE;
import static io.starling.contract.Scope.DEVICES_FUNCTION_CALL;
import static io.starling.contract.Scope.DEVICES_PING;
import static io.starling.contract.Scope.DEVICES_RELEASE;
import static io.starling.contract.Scope.DEVICES_VARIABLE_GET;
import static io.starling.contract.Scope.FIRMWARE_BINARY_GET;
import static io.starling.contract.Scope.ORGANIZATION_CREATE;
import static io.starling.contract.Scope.ORGANIZATION_REMOVE;
import static io.starling.contract.Scope.ORGANIZATION_UPDATE;
import static io.starling.contract.Scope.PERMISSIONS_UPDATE;
import static io.starling.contract.Scope.PRODUCTS_CREATE;
import static io.starling.contract.Scope.PRODUCTS_REMOVE;
import static io.starling.contract.Scope.PRODUCTS_UPDATE;
import static io.starling.contract.Scope.SELF;
import static io.starling.contract.Scope.TEAMS_USERS_INVITE;
import static io.starling.contract.Scope.TEAMS_USERS_REMOVE;
import static io.starling.contract.Scope.TEAMS_USERS_UPDATE;
import static io.starling.contract.Scope.TOKEN;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a member of a product's team, or of an organization in all its products, may do there:
 * Particle's roles. Each has all of the next.
 */
public enum Role {
  /** Whose product it is: everything. */
  OWNER("owner", "Owner", _ -> true),
  /** Everything but to delete the product. */
  ADMINISTRATOR(
      "administrator",
      "Administrator",
      all(EnumSet.of(PRODUCTS_REMOVE, ORGANIZATION_REMOVE, ORGANIZATION_UPDATE))),
  /** What devices and integrations need; not who is in the team, nor what devices may do. */
  DEVELOPER(
      "developer",
      "Developer",
      all(
          EnumSet.of(
              PRODUCTS_REMOVE,
              ORGANIZATION_REMOVE,
              ORGANIZATION_UPDATE,
              PRODUCTS_CREATE,
              PRODUCTS_UPDATE,
              PERMISSIONS_UPDATE,
              AUTHORITIES_CREATE,
              AUTHORITIES_REMOVE,
              CUSTOMERS_REMOVE,
              TEAMS_USERS_INVITE,
              TEAMS_USERS_UPDATE,
              TEAMS_USERS_REMOVE,
              AUDIT_LIST))),
  /** Looks, and asks devices. */
  SUPPORT(
      "support",
      "Support",
      scope ->
          looks(scope)
              || EnumSet.of(
                      DEVICES_VARIABLE_GET,
                      DEVICES_FUNCTION_CALL,
                      DEVICES_PING,
                      DEVICES_DIAGNOSTICS_UPDATE,
                      DEVICES_RELEASE)
                  .contains(scope)),
  /** Looks, at what is kept. */
  VIEW_ONLY("view-only", "View-only", Role::looks);

  private final String id;
  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // It is an unmodifiable view of a set nobody else has.
  private final Set<Scope> scopes;

  Role(String id, String title, Predicate<Scope> has) {
    this.id = id;
    this.title = title;
    var all = EnumSet.noneOf(Scope.class);
    Arrays.stream(Scope.values())
        .filter(has)
        // Not of a product or organization: what a person does with his own account.
        .filter(scope -> !EnumSet.of(SELF, TOKEN, ORGANIZATION_CREATE).contains(scope))
        .forEach(all::add);
    this.scopes = Collections.unmodifiableSet(all);
  }

  private static Predicate<Scope> all(Set<Scope> but) {
    return scope -> !but.contains(scope);
  }

  private static boolean looks(Scope scope) {
    return scope.isReading()
        && scope != DEVICES_VARIABLE_GET
        && scope != FIRMWARE_BINARY_GET
        && scope != AUDIT_LIST;
  }

  /** Such as {@code view-only}. */
  public String id() {
    return id;
  }

  /** As people read it. */
  public String title() {
    return title;
  }

  /** What it may do in the product. */
  public Set<Scope> scopes() {
    return scopes;
  }

  /** Finds one by its id or title, whatever the case. */
  public static Optional<Role> named(String text) {
    return Arrays.stream(values())
        .filter(role -> role.id.equalsIgnoreCase(text) || role.title.equalsIgnoreCase(text))
        .findFirst();
  }
}

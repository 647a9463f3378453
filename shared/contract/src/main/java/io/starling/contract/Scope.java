package io.starling.contract;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What somebody may do: each route needs one of these, each role and each limited token has some.
 * The names are those that Particle gives to the scopes of API users, and more of the same manner
 * where it has none.
 */
public enum Scope {
  /** With one's own account, which only a person may whose token is limited in nothing. */
  SELF("user:manage"),
  /** With the very token that asks. */
  TOKEN("token:manage"),

  AUDIT_LIST("audit:list"),
  AUTHORITIES_CREATE("authorities:create"),
  AUTHORITIES_LIST("authorities:list"),
  AUTHORITIES_REMOVE("authorities:remove"),
  CLIENTS_CREATE("clients:create"),
  CLIENTS_LIST("clients:list"),
  CLIENTS_REMOVE("clients:remove"),
  CLIENTS_UPDATE("clients:update"),
  CONFIGURATION_GET("configuration:get"),
  CONFIGURATION_UPDATE("configuration:update"),
  CUSTOMERS_CREATE("customers:create"),
  CUSTOMERS_LIST("customers:list"),
  CUSTOMERS_REMOVE("customers:remove"),
  CUSTOMERS_UPDATE("customers:update"),
  DEVICES_CLAIM("devices:claim"),
  DEVICES_DIAGNOSTICS_GET("devices.diagnostics:get"),
  DEVICES_DIAGNOSTICS_METADATA_GET("devices.diagnostics.metadata:get"),
  DEVICES_DIAGNOSTICS_UPDATE("devices.diagnostics:update"),
  DEVICES_FUNCTION_CALL("devices.function:call"),
  DEVICES_GET("devices:get"),
  DEVICES_IMPORT("devices:import"),
  DEVICES_LIST("devices:list"),
  DEVICES_PING("devices:ping"),
  DEVICES_RELEASE("devices:release"),
  DEVICES_REMOVE("devices:remove"),
  DEVICES_UPDATE("devices:update"),
  DEVICES_VARIABLE_GET("devices.variable:get"),
  ENV_GET("env:get"),
  ENV_UPDATE("env:update"),
  EVENTS_GET("events:get"),
  EVENTS_SEND("events:send"),
  FIRMWARE_BINARY_GET("firmware.binary:get"),
  FIRMWARE_CREATE("firmware:create"),
  FIRMWARE_GET("firmware:get"),
  FIRMWARE_LIST("firmware:list"),
  FIRMWARE_RELEASE("firmware:release"),
  FIRMWARE_REMOVE("firmware:remove"),
  FIRMWARE_UPDATE("firmware:update"),
  GROUPS_CREATE("groups:create"),
  GROUPS_GET("groups:get"),
  GROUPS_LIST("groups:list"),
  GROUPS_REMOVE("groups:remove"),
  GROUPS_UPDATE("groups:update"),
  INTEGRATIONS_CREATE("integrations:create"),
  INTEGRATIONS_GET("integrations:get"),
  INTEGRATIONS_LIST("integrations:list"),
  INTEGRATIONS_REMOVE("integrations:remove"),
  INTEGRATIONS_TEST("integrations:test"),
  INTEGRATIONS_UPDATE("integrations:update"),
  LEDGERS_CREATE("ledgers:create"),
  LEDGERS_GET("ledgers:get"),
  LEDGERS_LIST("ledgers:list"),
  LEDGERS_REMOVE("ledgers:remove"),
  LEDGERS_UPDATE("ledgers:update"),
  LIBRARIES_CREATE("libraries:create"),
  LIBRARIES_GET("libraries:get"),
  LIBRARIES_LIST("libraries:list"),
  LIBRARIES_REMOVE("libraries:remove"),
  LIBRARIES_UPDATE("libraries:update"),
  LOGIC_CREATE("logic:create"),
  LOGIC_GET("logic:get"),
  LOGIC_LIST("logic:list"),
  ORGANIZATION_CREATE("organization:create"),
  ORGANIZATION_GET("organization:get"),
  ORGANIZATION_REMOVE("organization:remove"),
  ORGANIZATION_UPDATE("organization:update"),
  PERMISSIONS_GET("permissions:get"),
  PERMISSIONS_UPDATE("permissions:update"),
  PRODUCTS_CREATE("products:create"),
  PRODUCTS_GET("products:get"),
  PRODUCTS_LIST("products:list"),
  PRODUCTS_REMOVE("products:remove"),
  PRODUCTS_UPDATE("products:update"),
  SECRETS_GET("secrets:get"),
  SECRETS_LIST("secrets:list"),
  SECRETS_REMOVE("secrets:remove"),
  SECRETS_UPDATE("secrets:update"),
  TEAMS_USERS_INVITE("teams.users:invite"),
  TEAMS_USERS_LIST("teams.users:list"),
  TEAMS_USERS_REMOVE("teams.users:remove"),
  TEAMS_USERS_UPDATE("teams.users:update"),
  USAGE_GET("usage:get");

  private static final Map<String, Scope> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Scope::text, Function.identity()));

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** As clients write it, such as {@code devices.function:call}. */
  public String text() {
    return text;
  }

  /** Finds one as clients write it. */
  public static Optional<Scope> named(String text) {
    return Optional.ofNullable(BY_NAME.get(text));
  }

  /** Tells whether it only looks at things. */
  public boolean isReading() {
    return text.endsWith(":get") || text.endsWith(":list");
  }
}

package io.starling.contract;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the accounts service answers about environment variables: texts that devices are told, set
 * for an account, a product or a device. A change is a draft until it is rolled out; devices are
 * told what was rolled out last, of the three scopes together. Both are configuration, and stand in
 * the directory.
 */
public sealed interface EnvRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.env";

  /** The event that a report of a device is: what of them it works with. */
  String REPORT = "particle/env";

  /** How a variable may be called. */
  Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  /** The longest value: bytes in UTF-8. */
  int MAX_VALUE_BYTES = 1024;

  /** How many variables a scope may have. */
  int MOST = 100;

  /** The largest scope: bytes of its variables as JSON in UTF-8. */
  int MAX_SCOPE_BYTES = 8 * 1024;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Change the draft of a scope.
   *
   * @param set what is to be so; replaces what is
   * @param unset what is to be no more; also what is not
   * @param by who wants it
   */
  @Wire("env.change")
  record ChangeEnv(EnvScope scope, Map<String, String> set, List<String> unset, AccountId by)
      implements EnvRequest, Request<EnvReply.ChangeReply> {}

  /**
   * Let the draft of a scope be what its devices are told from now on.
   *
   * @param onConnect whether those that are connected are told when they connect next
   * @param by who wants it
   */
  @Wire("env.roll-out")
  record RollOutEnv(EnvScope scope, boolean onConnect, AccountId by)
      implements EnvRequest, Request<AccountsReply.WriteReply> {}
}

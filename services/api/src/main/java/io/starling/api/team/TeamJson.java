package io.starling.api.team;

import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of teams as the API shows them. */
public final class TeamJson {
  private TeamJson() {}

  /** A member: a person by his role, an API user, which has none, by its scopes. */
  public static JsonObject member(
      Entry.Account account, @Nullable Role role, Collection<Scope> scopes) {
    return role == null
        ? program(account.email(), friendlyName(account), scopes.stream().map(Scope::text).toList())
        : person(account.email(), role).put("no_mfa", !account.mfa());
  }

  /** A person. */
  public static JsonObject person(String email, Role role) {
    return new JsonObject()
        .put("username", email)
        .put("role", role(role))
        .put("is_programmatic", false);
  }

  /** A role. */
  public static JsonObject role(Role role) {
    return new JsonObject().put("id", role.id()).put("name", role.title());
  }

  static String friendlyName(Entry.Account account) {
    return account.info().getString("friendly_name", "");
  }

  static JsonObject program(String username, String name, List<String> scopes) {
    return new JsonObject()
        .put("username", username)
        .put("is_programmatic", true)
        .put("friendly_name", name)
        .put("scopes", new JsonArray(scopes));
  }
}

package io.starling.api.users;

import io.starling.http.Fields;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a person tells of himself: a few short texts and a truth value; anything else is dropped.
 */
final class UserInfo {
  private static final int MAX_LENGTH = 128;
  private static final List<String> TEXTS = List.of("first_name", "last_name", "company_name");
  private static final String BUSINESS = "business_account";

  private UserInfo() {}

  static JsonObject of(Fields fields) {
    var info = new JsonObject();
    for (String name : TEXTS) {
      fields
          .text(name)
          .map(text -> text.substring(0, Math.min(text.length(), MAX_LENGTH)))
          .ifPresent(text -> info.put(name, text));
    }
    fields.text(BUSINESS).ifPresent(text -> info.put(BUSINESS, text.equals("true")));
    return info;
  }
}

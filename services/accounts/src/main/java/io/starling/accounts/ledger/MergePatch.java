package io.starling.accounts.ledger;

import io.vertx.core.json.JsonObject;

/** JSON merge patches (RFC 7396). */
final class MergePatch {
  private MergePatch() {}

  /** What becomes of an object by a patch; neither is changed. */
  static JsonObject apply(JsonObject target, JsonObject patch) {
    var merged = target.copy();
    for (var field : patch) {
      switch (field.getValue()) {
        case null -> merged.remove(field.getKey());
        case JsonObject part -> {
          var before = merged.getValue(field.getKey());
          merged.put(
              field.getKey(),
              apply(before instanceof JsonObject object ? object : new JsonObject(), part));
        }
        case Object value -> merged.put(field.getKey(), value);
      }
    }
    return merged;
  }
}

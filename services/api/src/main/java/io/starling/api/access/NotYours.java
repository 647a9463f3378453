package io.starling.api.access;

import io.starling.http.Answer;
import io.starling.http.Errors;
import io.vertx.core.json.JsonObject;

/** The answers about what is absent or another's: the same for both. */
public final class NotYours {
  private NotYours() {}

  /** No such organization. */
  public static Answer.Whole organization() {
    return Errors.error(404, "Organization not found.");
  }

  /**
   * No such device. Particle's text goes on with an address of its own cloud and the caller's
   * token; this one does not send the token anywhere.
   */
  public static Answer.Whole device() {
    return Answer.json(
        403,
        new JsonObject()
            .put("error", "Permission Denied")
            .put(
                "info",
                "I didn't recognize that device name or ID, try opening /v1/devices to see yours"));
  }
}

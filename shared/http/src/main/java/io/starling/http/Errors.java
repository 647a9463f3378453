package io.starling.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The error bodies that Particle's tools understand, word by word where it has words.
 *
 * <p>The words "access token" stand in answers about bad tokens only: the command line tool logs
 * its user out when it reads them.
 */
public final class Errors {
  private Errors() {}

  /** {@code {"ok":false,"error":…}}. */
  public static Answer.Whole error(int status, String text) {
    return Answer.json(status, new JsonObject().put("ok", false).put("error", text));
  }

  /** {@code {"ok":false,"errors":[…]}}. */
  public static Answer.Whole errors(int status, String... texts) {
    var errors = new JsonArray();
    for (String text : texts) {
      errors.add(text);
    }
    return Answer.json(status, new JsonObject().put("ok", false).put("errors", errors));
  }

  /** {@code {"error":…,"error_description":…}}, as OAuth has it. */
  public static Answer.Whole oauth(int status, String code, String description) {
    return Answer.json(
        status, new JsonObject().put("error", code).put("error_description", description));
  }

  /** There was no token. */
  public static Answer.Whole tokenMissing() {
    return oauth(400, "invalid_request", "The access token was not found");
  }

  /** Nobody has such a token. */
  public static Answer.Whole tokenInvalid() {
    return oauth(401, "invalid_token", "The access token provided is invalid.");
  }

  /** The token was good once. */
  public static Answer.Whole tokenExpired() {
    return oauth(401, "invalid_token", "The access token provided has expired.");
  }

  /** No such path. */
  public static Answer.Whole notFound() {
    return error(404, "Not found");
  }

  /** What was sent cannot be used. */
  public static Answer.Whole badRequest(String text) {
    return error(400, text);
  }

  /** Not for now; the same request may work after the time told. */
  public static Answer.Whole unavailable(String text, int retryAfterSeconds) {
    return error(503, text).with("Retry-After", Integer.toString(Math.max(1, retryAfterSeconds)));
  }

  /** Too much of it; the same request may work after the time told. */
  public static Answer.Whole tooMany(String text, int retryAfterSeconds) {
    return error(429, text).with("Retry-After", Integer.toString(Math.max(1, retryAfterSeconds)));
  }

  /** We have a bug; nothing of the inside is told. */
  public static Answer.Whole internal() {
    return error(500, "Internal error");
  }
}

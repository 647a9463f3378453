package io.starling.contract;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * Who asks for something, and how: what the audit tells of it. Travels beside a request, in a
 * header of its message, so that whoever writes knows without having to be told by each request.
 *
 * @param id of the account, the device or the loop; empty for nobody who is known
 * @param token the last characters of the token; empty without one
 * @param client the OAuth client that the token was made for
 * @param action the route's method and pattern, such as {@code PUT /v1/products/:product}
 * @param target what the path names, such as {@code device/0123456789abcdef01234567}
 * @param product the one that the path names; 0 for none
 * @param address the client's
 * @param agent what the client says that it is, cut
 * @param request tells requests apart; the answer's {@code X-Request-Id}
 */
public record Actor(
    Kind kind,
    String id,
    String token,
    String client,
    String action,
    String target,
    int product,
    String address,
    String agent,
    String request) {

  /** What somebody is. */
  public enum Kind {
    /** A person, by a token. */
    PERSON,
    /** An API user of a product. */
    PROGRAM,
    /** An OAuth client of a product, for itself. */
    CLIENT,
    /** Somebody without a token, such as who logs in. */
    NOBODY,
    /** Whoever has a link that was mailed. */
    LINK,
    /** A device, such as one that claims itself or registers just in time. */
    DEVICE,
    /** The service itself, such as when it takes in an import. */
    SERVICE;

    /** Such as {@code person}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Finds one as {@link #text()} has it. */
    public static Optional<Kind> named(String text) {
      for (Kind kind : values()) {
        if (kind.text().equals(text)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** A part of the service. */
  public static Actor service(String part) {
    return new Actor(Kind.SERVICE, part, "", "", "", "", 0, "", "", "");
  }

  /** A device. */
  public static Actor device(DeviceId device) {
    return new Actor(Kind.DEVICE, device.toString(), "", "", "", "", 0, "", "", "");
  }

  /** The same as somebody else. */
  public Actor as(Kind other) {
    return new Actor(other, id, token, client, action, target, product, address, agent, request);
  }

  /** As it travels. */
  public String encode() {
    return new JsonObject()
        .put("kind", kind.text())
        .put("id", id)
        .put("token", token)
        .put("client", client)
        .put("action", action)
        .put("target", target)
        .put("product", product)
        .put("address", address)
        .put("agent", agent)
        .put("request", request)
        .encode();
  }

  /** What travelled; empty for what is none. */
  public static Optional<Actor> decode(String text) {
    try {
      var json = new JsonObject(text);
      return Kind.named(json.getString("kind", ""))
          .map(
              kind ->
                  new Actor(
                      kind,
                      json.getString("id", ""),
                      json.getString("token", ""),
                      json.getString("client", ""),
                      json.getString("action", ""),
                      json.getString("target", ""),
                      json.getInteger("product", 0),
                      json.getString("address", ""),
                      json.getString("agent", ""),
                      json.getString("request", "")));
    } catch (DecodeException | ClassCastException _) {
      return Optional.empty();
    }
  }
}

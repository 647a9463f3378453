package io.starling.api.access;

import io.starling.contract.Actor;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Exchange;
import io.starling.http.Principal;
import java.util.regex.Pattern;

/** Who asks, as the audit tells it: nothing of it is a secret, and all of it is bounded. */
public final class Actors {
  private static final Pattern LAST_NAME = Pattern.compile(".*/:(\\w+)(/[^:]*)?");
  private static final Pattern SECRET = Pattern.compile("token|code|password");
  private static final int TAIL = 4;
  private static final int MIN_TOKEN = 16;
  private static final int MAX_TARGET = 100;
  private static final int MAX_ADDRESS = 64;

  private final Directory directory;

  /** Over this directory. */
  public Actors(Directory directory) {
    this.directory = directory;
  }

  /** Who asks this. */
  public Actor of(Exchange exchange) {
    var known = exchange.known();
    String address = exchange.clientAddress();
    return new Actor(
        known.map(this::kind).orElse(Actor.Kind.NOBODY),
        known.map(who -> who.account().toString()).orElse(""),
        known.isPresent() ? exchange.token().map(Actors::tail).orElse("") : "",
        known.map(Principal::client).orElse(""),
        exchange.route(),
        target(exchange),
        exchange.hasPath("product")
            ? directory.product(exchange.path("product")).map(Entry.Product::id).orElse(0)
            : 0,
        address.substring(0, Math.min(MAX_ADDRESS, address.length())),
        exchange.agent(),
        exchange.requestId());
  }

  private Actor.Kind kind(Principal who) {
    if (directory.account(who.account()).map(Entry.Account::program).orElse(false)) {
      return Actor.Kind.PROGRAM;
    }
    return who.product() == 0 ? Actor.Kind.PERSON : Actor.Kind.CLIENT;
  }

  private static String tail(String token) {
    return token.length() < MIN_TOKEN ? "" : token.substring(token.length() - TAIL);
  }

  /** The last thing that the path names. Who is written as an address is told by his id, if any. */
  private String target(Exchange exchange) {
    var matcher = LAST_NAME.matcher(exchange.route());
    if (!matcher.matches()) {
      return "";
    }
    String kind = matcher.group(1);
    String name = exchange.path(kind);
    if (SECRET.matcher(kind).matches()) {
      return kind + "/" + tail(name);
    }
    if (name.indexOf('@') >= 0) {
      return directory.accountByEmail(name).map(it -> "account/" + it.id()).orElse("");
    }
    return kind + "/" + name.substring(0, Math.min(MAX_TARGET, name.length()));
  }
}

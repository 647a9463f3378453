package io.starling.webhooks.connect;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the host of a URL to addresses that may be connected to: looked up once, each one looked at,
 * and whoever connects uses these and asks nobody again, so that a name that changes its answer
 * gains nothing. Belongs to one event loop.
 */
final class Addresses {
  private static final int MOST_REMEMBERED = 4_096;

  /** Trying more takes longer than an attempt may. */
  private static final int MOST_TRIED = 3;

  private final Resolver resolver;
  private final PrivateTargets privates;

  /** Which of its addresses a host was reached by: connections to it are kept open. */
  private final Map<String, InetAddress> reached =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, InetAddress> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  Addresses(Resolver resolver, PrivateTargets privates) {
    this.resolver = resolver;
    this.privates = privates;
  }

  /**
   * Those of a host, in the order in which to try them; a few at most.
   *
   * @return fails with {@link IllegalArgumentException} if any is not allowed, and with {@link
   *     UnknownHostException} if there are none
   */
  Future<List<InetAddress>> of(String host) {
    try {
      var literal = HostAddress.read(host);
      return literal.isPresent()
          ? Future.succeededFuture(vetted(host, List.of(literal.get())))
          : resolver.resolve(name(host)).map(all -> vetted(host, all));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  private static String name(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private List<InetAddress> vetted(String host, List<InetAddress> all) {
    for (var address : all) {
      if (!privates.allow(address)) {
        throw new IllegalArgumentException("url leads to a private address");
      }
    }
    var ordered = new ArrayList<>(all);
    var best = reached.get(host);
    if (best != null && ordered.remove(best)) {
      ordered.addFirst(best);
    }
    return List.copyOf(ordered.subList(0, Math.min(MOST_TRIED, ordered.size())));
  }

  /** Remembers that a host was reached so. */
  void reached(String host, InetAddress address) {
    reached.put(host, address);
  }
}

package io.starling.webhooks.connect;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Looks up the addresses of a name. Blocks nobody, and always ends. */
@FunctionalInterface
public interface Resolver {
  /**
   * All addresses of a name, in the order in which to try them.
   *
   * @return fails with {@link java.net.UnknownHostException} if there are none
   */
  Future<List<InetAddress>> resolve(String name);
}

package io.starling.connection.session;

import io.starling.connection.guard.Addresses;
import io.starling.connection.guard.Guard;
import io.starling.connection.guard.GuardMeters.Slowed;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Refusal;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Sends clients away at CONNECT, counted and logged. Belongs to one event loop. */
final class Refusals {
  private static final long MOST_DELAY_MILLIS = 2_000;
  private static final int MOST_DELAYED = 2_000;
  private static final int MAX_NAME = 64;

  private final Gateway gateway;
  private final Guard guard;
  private final Delays delays;
  private final RefusalLog log;
  private int delayed;

  Refusals(Gateway gateway, Guard guard, Delays delays) {
    this.gateway = gateway;
    this.guard = guard;
    this.delays = delays;
    this.log = new RefusalLog(gateway.clock());
  }

  /**
   * For what came with wrong credentials: after several in a minute under a name or from an address
   * each answer takes longer. The link is held then.
   */
  void refuseStranger(Connect connect, Link link, Refusal refusal) {
    long delay =
        refusal == Refusal.BAD_CREDENTIALS
            ? guard
                .failures()
                .failed(name(connect), Addresses.key(connect.address()), System.nanoTime())
            : 0;
    if (delay == 0) {
      refuse(connect, link, refusal);
    } else if (!delays.later(link, delay, Slowed.FAILURES, () -> refuse(connect, link, refusal))) {
      // Who cannot be kept waiting is not told either whether it was right.
      refuse(connect, link, Refusal.SERVER_BUSY);
    }
  }

  /** Under which name it tried, cut where no name of ours is as long. */
  private static String name(Connect connect) {
    var name = connect.userName();
    return name == null ? "" : name.substring(0, Math.min(MAX_NAME, name.length()));
  }

  /** Right credentials came under this name. */
  void forget(Connect connect) {
    guard.failures().succeeded(name(connect));
  }

  /** For what the client has to change. */
  void refuse(Connect connect, Link link, Refusal refusal) {
    refuse(connect, link, refusal, null);
  }

  private void refuse(
      Connect connect, Link link, Refusal refusal, @Nullable String serverReference) {
    gateway.sessionMeters().refused(connect, refusal);
    log.refused(connect, refusal);
    link.refuse(refusal, serverReference);
  }

  /**
   * For what only time changes, or another server. MQTT 3.1.1 clients cannot be told where to go,
   * and many come back at once: they are told after a random while, as far as the room for that
   * goes. The link is held.
   *
   * @param otherwise the refusal if no other server is known
   */
  void refuseForNow(
      Connect connect, Link link, Refusal otherwise, @Nullable String serverReference) {
    if (connect.isV5()) {
      var refusal = serverReference == null ? otherwise : Refusal.USE_ANOTHER_SERVER;
      refuse(connect, link, refusal, serverReference);
    } else if (delayed >= MOST_DELAYED) {
      refuse(connect, link, otherwise);
    } else {
      delayed++;
      long delay = ThreadLocalRandom.current().nextLong(1, MOST_DELAY_MILLIS);
      var _ =
          gateway
              .vertx()
              .setTimer(
                  delay,
                  _ -> {
                    delayed--;
                    refuse(connect, link, otherwise);
                  });
    }
  }
}

package io.starling.bootstrap.bus;

import io.starling.contract.OAuthRequest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the accounts service which tokens are used: each at most once in ten minutes, many at a
 * time, after the fact. Who uses one never waits. What cannot be told is forgotten, and so is what
 * comes on top of a thousand in half a minute. Thread-safe.
 */
public final class TokenUses {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUses.class);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final int MAX_KNOWN = 20_000;

  private final Bus bus;
  private final InstantSource clock;
  private final List<String> untold = new ArrayList<>();

  /** When each was last taken down. */
  private final Map<String, Long> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  /** Knows of no uses yet, and tells nothing by itself. */
  public TokenUses(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** One that tells what it knows twice a minute, as long as the caller's context lives. */
  public static TokenUses telling(Vertx vertx, Bus bus, InstantSource clock) {
    var uses = new TokenUses(bus, clock);
    vertx.setPeriodic(EVERY.toMillis(), _ -> uses.tell());
    return uses;
  }

  /** A token was used, given by the SHA-256 of it. */
  public synchronized void used(String tokenHash) {
    long now = clock.millis();
    Long before = known.get(tokenHash);
    boolean told = before != null && now - before < AGAIN_MILLIS;
    if (!told && untold.size() < OAuthRequest.MOST_USES) {
      known.put(tokenHash, now);
      untold.add(tokenHash);
    }
  }

  /** Tells what was not told yet. */
  public void tell() {
    var uses = take();
    if (!uses.isEmpty()) {
      var _ =
          bus.ask(new OAuthRequest.NoteUses(uses, clock.millis()), LIMIT)
              .onFailure(cause -> LOG.debug("Uses of tokens are lost: {}", cause.getMessage()));
    }
  }

  private synchronized List<String> take() {
    var uses = List.copyOf(untold);
    untold.clear();
    return uses;
  }
}

package io.starling.http.rate;

import io.starling.contract.AccountId;
import io.starling.http.rate.Rule.By;
import io.vertx.core.MultiMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * The limits of a process, over all instances of its server. They are told with each answer: {@code
 * RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-10) name each rule
 * that counted the request, {@code X-RateLimit-…} the tightest. Thread-safe.
 */
public final class RateLimits implements Shareable {
  /** What pages of other origins may read of it. */
  public static final List<String> HEADERS =
      List.of(
          "RateLimit",
          "RateLimit-Policy",
          "X-RateLimit-Limit",
          "X-RateLimit-Remaining",
          "X-RateLimit-Reset");

  private final List<Counted> rules = new ArrayList<>();
  private final InstantSource clock;

  private record Counted(Rule rule, Buckets buckets) {}

  /**
   * Nothing counted yet.
   *
   * @param clock for what the headers tell only
   * @param nanos monotonic, what counts
   */
  public RateLimits(List<Rule> rules, InstantSource clock, LongSupplier nanos) {
    this.clock = clock;
    for (var rule : rules) {
      if (!rule.rate().isUnlimited()) {
        this.rules.add(new Counted(rule, new Buckets(rule.rate(), nanos)));
      }
    }
  }

  /**
   * Counts a request of an address.
   *
   * @param headers of the answer, that are added to
   * @return after how many seconds to come back; empty if it may pass
   */
  public OptionalInt arrived(String address, String method, String pattern, MultiMap headers) {
    return count(List.of(By.ADDRESS), List.of(Place.of(address)), method, pattern, headers);
  }

  /** The same once it is known who asks. */
  public OptionalInt known(
      String tokenHash, AccountId account, String method, String pattern, MultiMap headers) {
    return count(
        List.of(By.TOKEN, By.ACCOUNT),
        List.of(tokenHash, account.toString()),
        method,
        pattern,
        headers);
  }

  private OptionalInt count(
      List<By> by, List<String> keys, String method, String pattern, MultiMap headers) {
    int wait = 0;
    for (var counted : rules) {
      int which = by.indexOf(counted.rule().by());
      if (which >= 0 && counted.rule().routes().test(method, pattern)) {
        var level = counted.buckets().take(keys.get(which));
        tell(counted.rule(), level, headers);
        wait = level.taken() ? wait : Math.max(wait, seconds(level.nextIn()));
      }
    }
    return wait == 0 ? OptionalInt.empty() : OptionalInt.of(wait);
  }

  private void tell(Rule rule, Buckets.Level level, MultiMap headers) {
    int permits = rule.rate().permits();
    int reset = seconds(level.fullIn());
    String name = "\"" + rule.name() + "\"";
    append(headers, "RateLimit-Policy", name + ";q=" + permits + ";w=" + seconds(rule.rate()));
    append(headers, "RateLimit", name + ";r=" + level.remaining() + ";t=" + reset);
    String told = headers.get("X-RateLimit-Remaining");
    if (told == null || Integer.parseInt(told) > level.remaining()) {
      headers.set("X-RateLimit-Limit", Integer.toString(permits));
      headers.set("X-RateLimit-Remaining", Integer.toString(level.remaining()));
      headers.set("X-RateLimit-Reset", Long.toString(clock.millis() / 1000 + reset));
    }
  }

  private static void append(MultiMap headers, String name, String value) {
    String before = headers.get(name);
    headers.set(name, before == null ? value : before + ", " + value);
  }

  private static long seconds(Rate rate) {
    return rate.window().toSeconds();
  }

  /** Whole seconds, rounded up. */
  private static int seconds(Duration duration) {
    return (int) Math.max(1, duration.plusMillis(999).toSeconds());
  }
}

package io.starling.accounts.user;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * After ten wrong passwords in a row for one address from one place, or thirty from one place,
 * nobody there may try for a while: 30 s at first, doubled with each further mistake up to 30
 * minutes. After a hundred in a row for one person from wherever, one may try every 30 s, but from
 * places where that person was right before: who guesses from many places locks nobody out. Knows
 * the last 20,000 offenders and good places only. Belongs to one event loop.
 */
public final class GuessLimit {
  private static final int PER_ADDRESS = 10;
  private static final int PER_PLACE = 30;
  private static final int PER_PERSON = 100;
  private static final int ANY_NUMBER = Integer.MAX_VALUE;
  private static final int MAX_ENTRIES = 20_000;
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final String EVERYWHERE = "*";

  private final InstantSource clock;
  private final int perPerson;
  private final Map<String, Mistakes> mistakes = lastOnes();
  private final Map<String, Boolean> good = lastOnes();

  private record Mistakes(int count, long freeAtMillis) {}

  /** For what is not one person's; knows of no mistakes yet. */
  public GuessLimit(InstantSource clock) {
    this(clock, ANY_NUMBER);
  }

  private GuessLimit(InstantSource clock, int perPerson) {
    this.clock = clock;
    this.perPerson = perPerson;
  }

  /** For what people have, each his own. */
  static GuessLimit ofPeople(InstantSource clock) {
    return new GuessLimit(clock, PER_PERSON);
  }

  private static <V> Map<String, V> lastOnes() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_ENTRIES;
      }
    };
  }

  /** How long to wait before the next try, zero if not at all. */
  public Duration pause(String email, String place) {
    var here = longer(pause(place), pause(key(email, place)));
    return good.containsKey(key(email, place)) ? here : longer(here, pause(key(email, EVERYWHERE)));
  }

  private Duration pause(String key) {
    var known = mistakes.get(key);
    long left = known == null ? 0 : known.freeAtMillis() - clock.millis();
    return Duration.ofMillis(Math.max(0, left));
  }

  /** Counts a mistake. */
  public void wrong(String email, String place) {
    count(place, PER_PLACE, LONGEST);
    count(key(email, place), PER_ADDRESS, LONGEST);
    if (perPerson != ANY_NUMBER) {
      count(key(email, EVERYWHERE), perPerson, FIRST);
    }
  }

  /** Forgets the mistakes of who was right. */
  public void right(String email, String place) {
    mistakes.remove(key(email, place));
    mistakes.remove(place);
    if (perPerson != ANY_NUMBER) {
      mistakes.remove(key(email, EVERYWHERE));
      good.put(key(email, place), true);
    }
  }

  private void count(String key, int free, Duration longest) {
    int count = mistakes.getOrDefault(key, new Mistakes(0, 0)).count() + 1;
    long pause =
        count < free
            ? 0
            : Math.min(longest.toMillis(), FIRST.toMillis() << Math.min(count - free, 10));
    mistakes.put(key, new Mistakes(count, clock.millis() + pause));
  }

  private static String key(String email, String place) {
    return place + " " + email.toLowerCase(java.util.Locale.ROOT);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}

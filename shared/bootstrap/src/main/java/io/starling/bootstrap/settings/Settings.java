package io.starling.bootstrap.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads {@code STARLING_…} variables as values with types, and remembers every mistake until {@link
 * #check()}. Services ask for their settings first; whatever starts with {@code STARLING_} and was
 * asked for by nobody is unknown. Not thread-safe: used once, at start.
 */
public final class Settings {
  private static final String PREFIX = "STARLING_";
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB|TiB)?");

  private final Map<String, String> environment;
  private final Map<String, String> known = new TreeMap<>();
  private final List<String> mistakes = new ArrayList<>();

  /** Settings from a map such as {@code System.getenv()}; other variables are ignored. */
  public Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A text; the fallback if it is not set. */
  public String text(String name, String fallback) {
    return read(name, fallback, text -> text);
  }

  /** A text that has no default. */
  public Optional<String> optional(String name) {
    known.put(name, "");
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  /** Whether a value is given, right or wrong. */
  public boolean isSet(String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  /** A path; relative ones start at the working folder. */
  public Path path(String name, String fallback) {
    return read(name, fallback, Path::of);
  }

  /** A whole number within bounds. */
  public int integer(String name, int fallback, int min, int max) {
    return read(
        name,
        Integer.toString(fallback),
        text -> {
          int value = Integer.parseInt(text.strip());
          if (value < min || value > max) {
            throw new IllegalArgumentException("must be from " + min + " to " + max);
          }
          return value;
        });
  }

  /** A TCP port; 0 lets the system choose. */
  public int port(String name, int fallback) {
    return integer(name, fallback, 0, 65_535);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String name, boolean fallback) {
    return read(
        name,
        Boolean.toString(fallback),
        text ->
            switch (text.strip().toLowerCase(Locale.ROOT)) {
              case "true", "yes", "on", "1" -> true;
              case "false", "no", "off", "0" -> false;
              default -> throw new IllegalArgumentException("must be true or false");
            });
  }

  /** A duration: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 3h}, {@code 2d}. */
  public Duration duration(String name, String fallback, Duration min, Duration max) {
    return read(
        name,
        fallback,
        text -> {
          Duration value = duration(text);
          if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                "must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
          }
          return value;
        });
  }

  private static Duration duration(String text) {
    var parts = DURATION.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException("must be a duration such as 500ms, 30s, 5m, 3h or 2d");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A size in bytes: {@code 4096}, {@code 64KiB}, {@code 10GiB}. */
  public long size(String name, String fallback, long min, long max) {
    return read(
        name,
        fallback,
        text -> {
          long value = size(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException("must be from " + min + " to " + max + " bytes");
          }
          return value;
        });
  }

  private static long size(String text) {
    var parts = SIZE.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException("must be a size such as 4096, 64KiB, 512MiB or 10GiB");
    }
    long amount = Long.parseLong(parts.group(1));
    int shift =
        switch (parts.group(2) == null ? "B" : parts.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          case "TiB" -> 40;
          default -> 0;
        };
    return Math.multiplyExact(amount, 1L << shift);
  }

  /** A comma-separated list, without blanks. */
  public List<String> list(String name, String fallback) {
    return read(
        name,
        fallback,
        text ->
            Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList());
  }

  /** A value made by any function; an {@link IllegalArgumentException} of it becomes a mistake. */
  public <T> T value(String name, String fallback, Function<String, T> parse) {
    return read(name, fallback, parse);
  }

  /** Adds a mistake that concerns several settings. */
  public void reject(String name, String why) {
    mistakes.add(name + ": " + why);
  }

  private <T> T read(String name, String fallback, Function<String, T> parse) {
    if (!name.startsWith(PREFIX)) {
      throw new IllegalArgumentException(name);
    }
    known.put(name, fallback);
    String text = environment.get(name);
    if (text != null && !text.isBlank()) {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException | ArithmeticException e) {
        // A NumberFormatException's own text says less than this.
        String why =
            e instanceof NumberFormatException || e instanceof ArithmeticException
                ? "must be a whole number"
                : e.getMessage();
        mistakes.add(name + "=" + (secret(name) ? "…" : text) + ": " + why);
      }
    }
    return parse.apply(fallback);
  }

  private static boolean secret(String name) {
    return name.contains("PASSWORD") || name.contains("SECRET") || name.contains("DATABASE");
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidSettings if anything was wrong or unknown, with all of it
   */
  public void check() {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !known.containsKey(name)) {
        mistakes.add(name + ": unknown setting" + nearest(name));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidSettings(mistakes);
    }
  }

  /** The names asked for so far, with their defaults. */
  public Map<String, String> known() {
    return Map.copyOf(known);
  }

  private String nearest(String name) {
    return known.keySet().stream()
        .filter(candidate -> distance(name, candidate) <= 3)
        .min(java.util.Comparator.comparingInt(candidate -> distance(name, candidate)))
        .map(candidate -> " (did you mean " + candidate + "?)")
        .orElse("");
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}

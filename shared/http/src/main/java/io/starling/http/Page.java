package io.starling.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which part of a list is wanted.
 *
 * @param number from 1
 */
public record Page(int number, int size) {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,5}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
  private static final int MAX_NUMBER = 999_999;

  /**
   * How large a page is.
   *
   * @param usual where nobody says
   * @param most at most 1,000
   */
  public record Bounds(int usual, int most) {
    private static final int MOST = 1_000;

    /** Bounds. */
    public Bounds {
      if (usual < 1 || usual > most || most > MOST) {
        throw new IllegalArgumentException("a page has 1 to " + MOST);
      }
    }
  }

  /** Reads {@code page} and a size; empty if they are no numbers from 1. */
  public static Optional<Page> of(Exchange exchange, Bounds bounds, String sizeName) {
    String number = exchange.query("page").orElse("1");
    String size = exchange.query(sizeName).orElse(Integer.toString(bounds.usual()));
    return NUMBER.matcher(number).matches() && NUMBER.matcher(size).matches()
        ? Optional.of(
            new Page(Integer.parseInt(number), Math.min(Integer.parseInt(size), bounds.most())))
        : Optional.empty();
  }

  /**
   * Reads {@code page} and {@code per_page} or {@code perPage}; what is no number, or out of
   * bounds, is brought within them.
   */
  public static Page within(Exchange exchange, Bounds bounds) {
    return new Page(
        number(exchange.query("page"), 1, MAX_NUMBER),
        number(
            exchange.query("per_page").or(() -> exchange.query("perPage")),
            bounds.usual(),
            bounds.most()));
  }

  private static int number(Optional<String> text, int usual, int most) {
    return text.filter(it -> DIGITS.matcher(it).matches())
        .map(digits -> Math.clamp(Long.parseLong(digits), 1, most))
        .orElse(usual);
  }

  /** How much stands before it. */
  public int offset() {
    return (number - 1) * size;
  }

  /** Of everything, what stands on it. */
  public <T> List<T> of(List<T> all) {
    int from = Math.min(offset(), all.size());
    return all.subList(from, Math.min(from + size, all.size()));
  }

  /** How many there are of this size. */
  public long pages(long total) {
    return (total + size - 1) / size;
  }
}

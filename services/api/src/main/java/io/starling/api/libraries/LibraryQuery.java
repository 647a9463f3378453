package io.starling.api.libraries;

import io.starling.contract.LibrariesRequest.FindLibraries;
import io.starling.contract.LibrariesRequest.Order;
import io.starling.contract.LibrariesRequest.Whose;
import io.starling.http.Exchange;
import io.starling.http.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which libraries a request is for. */
final class LibraryQuery {
  private static final int DEFAULT_LIMIT = 10;
  private static final int MAX_FILTER_LENGTH = 128;

  /** Of which there are none here. */
  private static final Set<String> EMPTY_SCOPES = Set.of("official", "verified", "featured");

  private LibraryQuery() {}

  /**
   * Reads {@code page} and {@code limit}.
   *
   * @throws IllegalArgumentException if they are none
   */
  static Page page(Exchange exchange) {
    return Page.of(exchange, new Page.Bounds(DEFAULT_LIMIT, FindLibraries.MAX_LIMIT), "limit")
        .orElseThrow(() -> new IllegalArgumentException("page and limit must be numbers from 1"));
  }

  /**
   * Reads all of it; empty if there can be none.
   *
   * @throws IllegalArgumentException if it means nothing
   */
  static Optional<FindLibraries> of(Exchange exchange) {
    var page = page(exchange);
    String scope = exchange.query("scope").orElse("all");
    String filter = exchange.query("filter").orElse("").strip();
    if (filter.length() > MAX_FILTER_LENGTH) {
      throw new IllegalArgumentException("filter is too long");
    }
    if (EMPTY_SCOPES.contains(scope)) {
      return Optional.empty();
    }
    return Optional.of(
        new FindLibraries(
            exchange.principal().account(),
            filter,
            whose(scope),
            list(exchange, "excludeScopes").contains("mine"),
            list(exchange, "architectures").stream().filter(it -> !it.equals("*")).toList(),
            exchange.query("category").orElse(""),
            order(list(exchange, "sort")),
            page.offset(),
            page.size()));
  }

  private static Whose whose(String scope) {
    return switch (scope) {
      case "all" -> Whose.ALL;
      case "mine" -> Whose.MINE;
      case "public" -> Whose.PUBLIC;
      case "private" -> Whose.PRIVATE;
      default ->
          throw new IllegalArgumentException(
              "scope must be all, official, public, verified, featured, mine or private");
    };
  }

  /** The first that makes a difference here. */
  private static Order order(List<String> wanted) {
    for (String each : wanted) {
      switch (each) {
        case "name" -> {
          return Order.NAME;
        }
        case "-name" -> {
          return Order.NAME_BACKWARDS;
        }
        case "popularity", "-installs" -> {
          return Order.MOST_INSTALLED;
        }
        case "installs" -> {
          return Order.LEAST_INSTALLED;
        }
        case "-date" -> {
          return Order.NEWEST;
        }
        case "date" -> {
          return Order.OLDEST;
        }
        default -> {
          // Such as official: nothing is that here.
        }
      }
    }
    return Order.NAME;
  }

  private static List<String> list(Exchange exchange, String name) {
    return exchange.query(name).stream()
        .flatMap(text -> Arrays.stream(text.split(",", -1)))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .limit(16)
        .toList();
  }
}

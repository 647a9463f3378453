package io.starling.api.oauth;

import io.starling.contract.Scope;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a token is to be limited to (RFC 6749, section 3.3). */
public final class AskedScopes {
  private static final Pattern SPACES = Pattern.compile(" +");

  private AskedScopes() {}

  /** The names of scopes, none for no limit; empty if there is no such scope. */
  public static Optional<List<String>> of(Optional<String> text) {
    var names = text.map(String::strip).orElse("");
    if (names.isEmpty()) {
      return Optional.of(List.of());
    }
    var scopes = SPACES.splitAsStream(names).distinct().toList();
    return scopes.stream().allMatch(name -> Scope.named(name).isPresent())
        ? Optional.of(scopes)
        : Optional.empty();
  }
}

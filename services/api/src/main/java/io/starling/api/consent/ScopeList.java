package io.starling.api.consent;

import java.util.List;
import java.util.stream.Collectors;

/** What a program would be allowed, as people are told. */
final class ScopeList {
  private ScopeList() {}

  static String html(List<String> scopes) {
    return scopes.isEmpty()
        ? "<p>It would be allowed <strong>everything that your account may do</strong>.</p>"
        : scopes.stream()
            .map(scope -> "<li>" + Page.text(scope) + "</li>")
            .collect(
                Collectors.joining("", "<p>It would be allowed no more than:</p><ul>", "</ul>"));
  }
}

package io.starling.connection.session;

import io.starling.connection.credential.Client;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sessions of apps by the token that each came with. Belongs to one event loop. */
final class TokenSessions {
  private final Map<String, Set<Session>> byToken = new HashMap<>();

  void add(Session session) {
    if (session.client() instanceof Client.OfApp app) {
      var _ = byToken.computeIfAbsent(app.tokenHash(), _ -> new HashSet<>()).add(session);
    }
  }

  void remove(Session session) {
    if (session.client() instanceof Client.OfApp app) {
      var _ =
          byToken.computeIfPresent(
              app.tokenHash(),
              (_, sessions) -> {
                var _ = sessions.remove(session);
                return sessions.isEmpty() ? null : sessions;
              });
    }
  }

  /** Those that came with the token of this hash. */
  List<Session> of(String tokenHash) {
    return List.copyOf(byToken.getOrDefault(tokenHash, Set.of()));
  }
}

package io.starling.accounts.library;

import io.starling.accounts.seal.Seal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/** Links to archives, which tell nothing of what they are of. */
final class DownloadLink {
  private static final String PLACE = "library-download";
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  private final Seal seal;
  private final InstantSource clock;

  DownloadLink(Seal seal, InstantSource clock) {
    this.seal = seal;
    this.clock = clock;
  }

  /** What a link is to. */
  record Target(String library, String version) {}

  String to(Target target) {
    long until = clock.instant().plus(GOOD_FOR).getEpochSecond();
    String text = until + " " + target.library() + " " + target.version();
    var sealed = seal.seal(PLACE, text.getBytes(StandardCharsets.UTF_8));
    return sealed.key()
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.bytes().getBytes());
  }

  /** What a link is to, if it is one that is still good. */
  Optional<Target> of(String link) {
    int dot = link.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      var bytes = Buffer.buffer(Base64.getUrlDecoder().decode(link.substring(dot + 1)));
      return seal.open(PLACE, new Seal.Sealed(link.substring(0, dot), bytes))
          .map(text -> new String(text, StandardCharsets.UTF_8).split(" ", 3))
          .filter(parts -> clock.instant().getEpochSecond() < Long.parseLong(parts[0]))
          .map(parts -> new Target(parts[1], parts[2]));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}

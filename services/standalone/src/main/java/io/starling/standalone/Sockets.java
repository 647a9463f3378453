package io.starling.standalone;

import io.vertx.core.transport.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the sockets of a process are served. */
enum Sockets {
  /** By the first of the others that this machine allows. */
  AUTO,
  IO_URING,
  EPOLL,
  JAVA;

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  /** Reads the setting. */
  static Sockets parse(String text) {
    return Arrays.stream(values())
        .filter(choice -> choice.word().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be one of "
                        + Arrays.stream(values())
                            .map(Sockets::word)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * What Vert.x is to use here.
   *
   * @throws StartRefused if this machine does not allow what was chosen
   */
  Transport transport() {
    var chosen = choose(Transport::available);
    LOG.info("Sockets by {}", chosen.name());
    return chosen;
  }

  Transport choose(Predicate<Transport> available) {
    if (this == AUTO) {
      return List.of(Transport.IO_URING, Transport.EPOLL).stream()
          .filter(available)
          .findFirst()
          .orElse(Transport.NIO);
    }
    var chosen =
        switch (this) {
          case IO_URING -> Transport.IO_URING;
          case EPOLL -> Transport.EPOLL;
          case AUTO, JAVA -> Transport.NIO;
        };
    if (!available.test(chosen)) {
      throw new StartRefused(
          "STARLING_SOCKETS is " + word() + ", which this machine does not allow; auto chooses");
    }
    return chosen;
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

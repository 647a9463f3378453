package io.starling.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.transport.Transport;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SocketsTest {
  @Test
  void theFirstThatTheMachineAllowsIsTaken() {
    assertEquals(
        Transport.IO_URING,
        Sockets.AUTO.choose(Set.of(Transport.IO_URING, Transport.EPOLL)::contains));
    assertEquals(Transport.EPOLL, Sockets.AUTO.choose(Set.of(Transport.EPOLL)::contains));
    assertEquals(Transport.NIO, Sockets.AUTO.choose(_ -> false));
  }

  @Test
  void whatWasChosenIsTakenOrRefused() {
    assertEquals(Transport.EPOLL, Sockets.EPOLL.choose(_ -> true));
    assertEquals(Transport.NIO, Sockets.JAVA.choose(Transport::available));
    var refused =
        assertThrows(StartRefused.class, () -> Sockets.parse("io_uring").choose(_ -> false));
    assertTrue(String.valueOf(refused.getMessage()).contains("io_uring"));
  }

  @Test
  void anotherWordIsAMistake() {
    assertEquals(Sockets.AUTO, Sockets.parse("auto"));
    assertThrows(IllegalArgumentException.class, () -> Sockets.parse("IO_URING"));
  }
}

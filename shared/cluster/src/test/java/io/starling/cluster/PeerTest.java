package io.starling.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTest {
  @Test
  void anAddressIsItself() {
    assertThat(Peer.read("127.0.1.2:6000", 1).addresses())
        .containsExactly(new InetSocketAddress("127.0.1.2", 6000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:0", "a:65536", "a b", "-a", "a:", ":1", "::1", "http://a", "[::1"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Peer.read(text, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}

package io.starling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import org.junit.jupiter.api.Test;

class StrangersTest {
  @Test
  void hearsWhoTurnedItAwayAndNothingElse() {
    var strangers = Strangers.heardBy(new Config());
    strangers.hear("[127.0.1.2]:5701 is suspected to be dead");
    strangers.hear(
        "Node could not join cluster at node: [127.0.1.1]:5701 Cause: the target cluster has a"
            + " different cluster-name");
    assertThat(strangers.met()).containsExactly("127.0.1.1:5701");
  }
}

package io.starling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.MergingValue;
import io.starling.bootstrap.cluster.SessionEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HighestWinsTest {
  private final HighestWins epoch = new HighestWins.Epoch();

  /** As a map holds it: in its raw form, which is what a policy hands back. */
  private record Held(String text) implements MergingValue<String> {
    @Override
    public String getDeserializedValue() {
      return text;
    }

    @Override
    public Object getRawValue() {
      return "raw " + text;
    }
  }

  private static Object merged(HighestWins policy, @Nullable String theirs, @Nullable String ours) {
    var result =
        policy.merge(
            theirs == null ? null : new Held(theirs), ours == null ? null : new Held(ours));
    return result == null ? "" : result;
  }

  private static String session(String gateway, long epoch, boolean online, long heard) {
    return new SessionEntry(gateway, epoch, online, heard, "::1").write();
  }

  @Test
  void theHighestEpochWinsWhicheverSideItComesFrom() {
    String old = session("9", 7, false, 900);
    String young = session("1", 8, true, 5);
    assertThat(merged(epoch, young, old)).isEqualTo("raw " + young);
    assertThat(merged(epoch, old, young)).isEqualTo("raw " + young);
  }

  @Test
  void ofOneEpochWhatWasHeardOfLastWins() {
    String online = session("1", 8, true, 5);
    String offline = session("1", 8, false, 6);
    assertThat(merged(epoch, offline, online)).isEqualTo("raw " + offline);
    assertThat(merged(epoch, online, offline)).isEqualTo("raw " + offline);
  }

  @Test
  void whatOnlyOneSideHasIsKept() {
    String lone = session("1", 1, true, 1);
    assertThat(merged(epoch, lone, null)).isEqualTo("raw " + lone);
    assertThat(merged(epoch, null, lone)).isEqualTo("raw " + lone);
  }

  @Test
  void whatCannotBeReadChangesNothing() {
    assertThat(merged(epoch, "broken", session("1", 1, true, 1)))
        .isEqualTo("raw " + session("1", 1, true, 1));
    assertThat(merged(epoch, "a|b|c|d|e", session("1", 1, true, 1)))
        .isEqualTo("raw " + session("1", 1, true, 1));
  }
}

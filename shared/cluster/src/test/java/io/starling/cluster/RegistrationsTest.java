package io.starling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistrationsTest {
  private static final NodeInfo THERE = new NodeInfo("192.0.2.2", 5702, null);

  private final List<String> heard = new ArrayList<>();
  private final Registrations registrations = new Registrations("here");

  RegistrationsTest() {
    registrations.listen(
        new RegistrationListener() {
          @Override
          public boolean wantsUpdatesFor(String address) {
            return !address.equals("unwanted");
          }

          @Override
          public void registrationsUpdated(RegistrationUpdateEvent event) {
            heard.add(event.address() + " " + nodes(event.registrations()));
          }
        });
  }

  private static List<String> nodes(List<RegistrationInfo> registrations) {
    return registrations.stream().map(RegistrationInfo::nodeId).toList();
  }

  private static Notice notice(String node, long version, String... addresses) {
    var served = new HashMap<String, List<Long>>();
    for (var address : addresses) {
      served.put(address, List.of(1L));
    }
    return new Notice(node, version, THERE, served);
  }

  @Test
  void findsWhatIsServedHereAndWhatOthersTell() {
    registrations.add("relay", new RegistrationInfo("here", 1, false));
    registrations.take(notice("there", 3, "relay", "other"));

    assertThat(nodes(registrations.find("relay"))).containsExactly("here", "there");
    assertThat(nodes(registrations.find("other"))).containsExactly("there");
    assertThat(registrations.find("nothing")).isEmpty();
    assertThat(registrations.info("there")).contains(THERE);
    assertThat(heard)
        .containsExactlyInAnyOrder("relay [here]", "relay [here, there]", "other [there]");
  }

  @Test
  void tellsHowOftenSomethingIsServed() {
    registrations.take(new Notice("there", 1, THERE, Map.of("relay", List.of(4L, 7L))));

    assertThat(nodes(registrations.find("relay"))).containsExactly("there", "there");
  }

  @Test
  void passesOverTheSilentWhileAnotherServesTheSame() {
    registrations.take(notice("quiet", 1, "relay", "alone", Pulse.ADDRESS));
    registrations.take(notice("there", 1, "relay"));
    heard.clear();

    registrations.silent(Map.of("quiet", Pulse.Silence.SHORT));

    assertThat(nodes(registrations.find("relay"))).containsExactly("there");
    assertThat(nodes(registrations.find("alone"))).containsExactly("quiet");
    assertThat(heard).contains("relay [there]", "alone [quiet]");
  }

  @Test
  void asksTheSilentNothingAfterAWhileButTellsThemStillThatItIsThere() {
    registrations.take(notice("quiet", 1, "alone", Pulse.ADDRESS));

    registrations.silent(Map.of("quiet", Pulse.Silence.LONG));
    assertThat(registrations.find("alone")).isEmpty();
    assertThat(nodes(registrations.find(Pulse.ADDRESS))).containsExactly("quiet");

    heard.clear();
    registrations.silent(Map.of());
    assertThat(nodes(registrations.find("alone"))).containsExactly("quiet");
    assertThat(heard).contains("alone [quiet]");
  }

  @Test
  void keepsToItselfWhatIsForThisProcessAlone() {
    registrations.add("secret", new RegistrationInfo("here", 1, true));

    assertThat(registrations.find("secret")).hasSize(1);
    assertThat(registrations.notice().served()).isEmpty();
  }

  @Test
  void takesNothingThatIsOlderThanWhatItHas() {
    registrations.take(notice("there", 5, "relay"));
    registrations.take(notice("there", 4, "other"));
    registrations.take(notice("here", 9, "relay"));

    assertThat(nodes(registrations.find("relay"))).containsExactly("there");
    assertThat(registrations.find("other")).isEmpty();
    assertThat(registrations.knows("there", 5)).isTrue();
    assertThat(registrations.knows("there", 6)).isFalse();
  }

  @Test
  void tellsOfWhatChangedAndOfNothingElse() {
    registrations.take(notice("there", 1, "relay", "other", "unwanted"));
    heard.clear();

    registrations.take(notice("there", 2, "relay", "more", "unwanted"));

    assertThat(heard).containsExactlyInAnyOrder("other []", "more [there]");
  }

  @Test
  void sendsNothingMoreToWhoIsGoneButStillAnswersIt() {
    registrations.take(notice("there", 1, "relay"));
    registrations.forget("there");

    assertThat(registrations.find("relay")).isEmpty();
    assertThat(registrations.knows("there", 1)).isFalse();
    assertThat(registrations.info("there")).isEmpty();
  }

  @Test
  void eachChangeOfItsOwnIsANewVersion() {
    long before = registrations.notice().version();
    registrations.add("relay", new RegistrationInfo("here", 1, false));
    long added = registrations.notice().version();
    registrations.remove("relay", new RegistrationInfo("here", 1, false));

    assertThat(added).isGreaterThan(before);
    assertThat(registrations.notice().version()).isGreaterThan(added);
    assertThat(registrations.find("relay")).isEmpty();
  }
}

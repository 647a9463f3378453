package io.starling.journal.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CharterTest {
  private static final Member MEMBER = new Member("disk", new JournalAddress("relay-0.relay", 7));

  @Test
  void readsWhatItWrites() throws IOException {
    Charter charter =
        Charter.founded(List.of(MEMBER)).hosting(Set.of("a", "b")).memberOf(Set.of("a"));
    assertThat(Charter.parse(charter.text())).isEqualTo(charter);
    assertThat(Charter.parse("")).isEqualTo(Charter.founded(List.of()));
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    assertThatThrownBy(() -> Charter.parse("founder disk"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("founder disk");
  }
}

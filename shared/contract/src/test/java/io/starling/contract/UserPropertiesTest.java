package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserPropertiesTest {
  @Test
  void comeBackInTheirOrder() {
    var properties = new LinkedHashMap<String, String>();
    properties.put("b", "ä€");
    properties.put("a", "");

    var bytes = UserProperties.encode(properties);

    assertThat(HexFormat.of().formatHex(bytes.getBytes()))
        .isEqualTo("2600016200" + "05c3a4e282ac" + "26000161" + "0000");
    assertThat(UserProperties.decode(bytes)).containsExactlyEntriesOf(properties);
    assertThat(UserProperties.decode(Buffer.buffer())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"03000174", "26", "2600", "26000162", "2600016200", "260001620002aa"})
  void refusesWhatIsSomethingElse(String hex) {
    var bytes = Buffer.buffer(HexFormat.of().parseHex(hex));

    assertThatThrownBy(() -> UserProperties.decode(bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

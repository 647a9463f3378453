package io.starling.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.JournalPosition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCursorTest {
  private static final StreamCursor CURSOR =
      new StreamCursor(
          List.of(
              new JournalPosition(0, 0),
              new JournalPosition(46_655, 35),
              new JournalPosition(3_000_000_000_000L, 1)));

  @Test
  void comesBackAsItWas() {
    assertThat(StreamCursor.parse(CURSOR.text(), 3)).contains(CURSOR);
  }

  @Test
  void isABlockThatShowsNothing() {
    assertThat(CURSOR.block())
        .hasToString(
            "id: 0.0-zzz.z-12a6lo9vk.1\n\n"
                .replace("12a6lo9vk", Long.toString(3_000_000_000_000L, 36)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.0-2.0",
        "1.0-2.0-3.0-4.0",
        "1.0-2.0-3",
        "1.0-2.0-3.0 ",
        "1.0-2.0-3.Z",
        "1.0-2.0-zzzzzzzzzzzzzz.0",
        "1.0-2.0-1.zzzzzzz"
      })
  void refusesWhatItNeverWas(String text) {
    assertThat(StreamCursor.parse(text, 3)).isEmpty();
  }
}

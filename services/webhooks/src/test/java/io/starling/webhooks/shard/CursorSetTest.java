package io.starling.webhooks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CursorSetTest {
  private static final IntegrationId ID = IntegrationId.of("00112233445566778899aabb");
  private static final JournalPosition ONE = new JournalPosition(1, 0);
  private static final JournalPosition TWO = new JournalPosition(2, 0);

  private static String main(long life) {
    return CursorName.main(life).toString();
  }

  private static String lane(long life) {
    return new CursorName(life, ID).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhooks",
        "webhooks/00112233445566778899aabb",
        "webhooks@0199a1b2c3d4e5f6",
        "webhooks@0199a1b2c3d4e5f6/00112233445566778899aabb"
      })
  void aNameIsWrittenAsItWasRead(String name) {
    assertThat(CursorName.read(name).orElseThrow()).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhooks2", "webhooks@12", "webhooks@f199a1b2c3d4e5f6", "webhooks/x"})
  void otherNamesAreOfSomebodyElse(String name) {
    assertThat(CursorName.read(name)).isEmpty();
  }

  @Test
  void thereIsNoneBeforeTheFirstMainCursor() {
    assertThat(CursorSet.latest(Map.of(lane(7), ONE))).isEmpty();
  }

  @Test
  void theLatestWithAMainCursorCounts() {
    var held = Map.of(main(3), ONE, lane(3), ONE, main(4), TWO, lane(4), TWO);
    assertThat(CursorSet.latest(held)).contains(new CursorSet(4, TWO, Map.of(ID, TWO)));
  }

  @Test
  void aLaterOneWithoutAMainCursorDoesNotCount() {
    var held = Map.of(main(3), ONE, lane(3), ONE, lane(4), TWO);
    assertThat(CursorSet.latest(held)).contains(new CursorSet(3, ONE, Map.of(ID, ONE)));
  }

  @Test
  void theNextLifeIsAfterAllOthersWhateverTheClockSays() {
    var held = Map.of(main(1L << 60), ONE, lane((1L << 60) + 5), ONE);
    assertThat(CursorSet.nextLife(held, 1_000, -1)).isEqualTo((1L << 60) + 6);
  }

  @Test
  void twoThatBeginInTheSameMillisecondAreTwoLives() {
    assertThat(CursorSet.nextLife(Map.of(), 1_000, 1))
        .isNotEqualTo(CursorSet.nextLife(Map.of(), 1_000, 2));
  }
}

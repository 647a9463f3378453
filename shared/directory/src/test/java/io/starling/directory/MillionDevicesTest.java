package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is asked of a million devices costs what it finds, and not what there is; prints how long it
 * takes. The limits are far above what is measured and far below what going through all takes.
 */
class MillionDevicesTest {
  private static final int DEVICES = 1_000_000;
  private static DeviceIndex index = new DeviceIndex();

  @BeforeAll
  static void fill() {
    for (int i = 0; i < DEVICES; i++) {
      // Spread over all ids, as random ones are.
      var id = new DeviceId(i * 0x9E3779B97F4A7C15L, i);
      var settings =
          new Entry.Settings("SN" + i, false, true, false, null, List.of("group-" + i % 1_000));
      index.put(
          new Entry.Device(
              id, null, 7, "device-" + i, null, 0, "", false, false, settings, Instant.EPOCH));
    }
  }

  @AfterAll
  static void forget() {
    index = new DeviceIndex();
  }

  private static int measured(String what, Duration limit, IntSupplier question) {
    Duration best = Duration.ofDays(1);
    int found = 0;
    for (int i = 0; i < 20; i++) {
      long began = System.nanoTime();
      found = question.getAsInt();
      var took = Duration.ofNanos(System.nanoTime() - began);
      best = took.compareTo(best) < 0 ? took : best;
    }
    System.out.printf("%-28s %,10d found in %,9.3f ms%n", what, found, best.toNanos() / 1e6);
    assertThat(best).as(what).isLessThan(limit);
    return found;
  }

  @Test
  void whatIsFoundCostsAndNotWhatThereIs() {
    var quick = Duration.ofMillis(5);
    assertThat(measured("all of them, counted", quick, index::size)).isEqualTo(DEVICES);
    assertThat(
            measured("the first page", quick, () -> index.all().stream().limit(25).toList().size()))
        .isEqualTo(25);
    assertThat(measured("an id's first six digits", quick, () -> count(index.idStarts("012345"))))
        .isLessThan(10);
    assertThat(
            measured("a name", quick, () -> index.named("device-777777").stream().toList().size()))
        .isOne();
    assertThat(measured("a name's start", quick, () -> count(index.nameStarts("device-77777"))))
        .isEqualTo(11);
    assertThat(
            measured("a serial number's start", quick, () -> count(index.serialStarts("sn4242"))))
        .isEqualTo(111);
    assertThat(measured("a group", quick, () -> count(index.inGroup("group-7")))).isEqualTo(1_000);
    assertThat(
            measured(
                "the page in the middle",
                Duration.ofMillis(500),
                () -> index.all().stream().skip(DEVICES / 2).limit(25).toList().size()))
        .isEqualTo(25);
  }

  private static int count(Iterable<Entry.Device> devices) {
    int count = 0;
    for (var _ : devices) {
      count++;
    }
    return count;
  }
}

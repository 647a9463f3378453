package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More devices than are sorted for one page. */
class LargeFleetIT {
  private static final int LAMPS = 20_500;
  private static final int OTHERS = 300;

  @RegisterExtension private final Region region = Region.start();

  private final Random random = new Random(7);

  private DeviceId add(String name) {
    var id = new DeviceId(random.nextLong(), random.nextInt());
    region.rows.device(id, region.person, Region.PRODUCT, name);
    return id;
  }

  @Test
  void anyPageOfManyThatMatchStandsInOrder() {
    var lamps = new ArrayList<DeviceId>();
    for (int i = 0; i < LAMPS; i++) {
      lamps.add(add("Lamp-" + i));
    }
    for (int i = 0; i < OTHERS; i++) {
      assertThat(lamps).doesNotContain(add("other-" + i));
    }
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(60)));

    for (boolean descending : new boolean[] {false, true}) {
      lamps.sort(descending ? Comparator.<DeviceId>reverseOrder() : Comparator.naturalOrder());
      for (int page : new int[] {1, 2, LAMPS / 50, LAMPS / 25, LAMPS / 25 + 1}) {
        var query = "deviceName=lamp&page=" + page + (descending ? "&sortDir=desc" : "");
        var found = find(query);
        int from = Math.min(LAMPS, 25 * (page - 1));
        assertThat(ids(found))
            .as(query)
            .isEqualTo(
                lamps.subList(from, Math.min(LAMPS, from + 25)).stream()
                    .map(DeviceId::toString)
                    .toList());
        assertThat(found.getJsonObject("meta").getInteger("total_records")).isEqualTo(LAMPS);
      }
    }
  }

  private JsonObject find(String query) {
    return region.call("GET", "/v1/products/77/devices?" + query).send().json();
  }

  private static List<String> ids(JsonObject found) {
    return found.getJsonArray("devices").stream()
        .map(device -> ((JsonObject) device).getString("id"))
        .toList();
  }
}

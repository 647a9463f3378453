package io.starling.api.products;

import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.JournalPosition;
import io.starling.http.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What became of the devices that were to be put into a product, batch after batch. */
final class Membership {
  private final Set<DeviceId> asked = new LinkedHashSet<>();
  private final Set<DeviceId> updated = new LinkedHashSet<>();
  private final Set<DeviceId> existing = new LinkedHashSet<>();
  private final Set<DeviceId> strange = new LinkedHashSet<>();
  private final Set<String> invalid = new LinkedHashSet<>();
  private JournalPosition position = JournalPosition.START;

  /** Those that are ids, each once; the others are noted. */
  List<DeviceId> sort(List<String> texts) {
    var valid = new LinkedHashSet<DeviceId>();
    for (String text : texts) {
      String id = text.strip().toLowerCase(Locale.ROOT);
      if (!DeviceId.isValid(id)) {
        invalid.add(id);
      } else if (asked.add(DeviceId.of(id))) {
        valid.add(DeviceId.of(id));
      }
    }
    return List.copyOf(valid);
  }

  void add(DevicesReply.DevicesAdded reply) {
    updated.addAll(reply.added());
    existing.addAll(reply.existing());
    strange.addAll(reply.strange());
    if (position.compareTo(reply.position()) < 0) {
      position = reply.position();
    }
  }

  JournalPosition position() {
    return position;
  }

  Answer.Whole answer() {
    return Answer.json(
        new JsonObject()
            .put("updated", updated.size())
            .put("updatedDeviceIds", ids(updated))
            .put("existingDeviceIds", ids(existing))
            .put("nonmemberDeviceIds", ids(strange))
            .put("invalidDeviceIds", new JsonArray(List.copyOf(invalid))));
  }

  private static JsonArray ids(Collection<DeviceId> devices) {
    return new JsonArray(devices.stream().map(DeviceId::toString).toList());
  }
}

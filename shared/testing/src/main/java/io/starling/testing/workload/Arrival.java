package io.starling.testing.workload;

import io.starling.testing.fleet.Stamp;
import io.starling.testing.history.Observation;
import io.starling.testing.history.SinkLog;

/** Reads what a sink received: a stamp, under the name of the device that made it. */
record Arrival(Workload devices, SinkLog log) {
  private static final int MOST_TEXT = 120;

  /**
   * Notes it, as a stranger if it is none of ours.
   *
   * @param deviceId under whose name it came
   */
  void note(String data, String deviceId, long atNanos) {
    var stamp = Stamp.find(data).filter(found -> found.device() < devices.size());
    if (stamp.isPresent() && devices.id(stamp.get().device()).equals(deviceId)) {
      var found = stamp.get();
      log.add(new Observation(found.device(), (int) found.sequence(), found.nanos(), atNanos));
    } else {
      log.addStranger(
          "\"%s\" under the name of %s"
              .formatted(data.substring(0, Math.min(MOST_TEXT, data.length())), deviceId));
    }
  }
}

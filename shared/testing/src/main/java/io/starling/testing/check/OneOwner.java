package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.Ownership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A device and an epoch stand for one connection to one gateway, and a connection for one epoch.
 */
final class OneOwner implements Check {
  private record Epoch(int device, long epoch) {}

  private record Session(int device, int session) {}

  @Override
  public String promise() {
    return "one owner for each device and epoch";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    var violations = new ArrayList<Violation>();
    var ofEpoch = new HashMap<Epoch, Ownership>();
    var ofSession = new HashMap<Session, Ownership>();
    for (var owner : evidence.owners().stream().distinct().toList()) {
      var first = ofEpoch.putIfAbsent(new Epoch(owner.device(), owner.epoch()), owner);
      if (first != null) {
        add(
            violations,
            "device %d was held in epoch %d by %s (session %d) and by %s (session %d)"
                .formatted(
                    owner.device(),
                    owner.epoch(),
                    first.gateway(),
                    first.session(),
                    owner.gateway(),
                    owner.session()));
      }
      var same = ofSession.putIfAbsent(new Session(owner.device(), owner.session()), owner);
      if (same != null && same.epoch() != owner.epoch()) {
        add(
            violations,
            "session %d of device %d at %s had the epochs %d and %d"
                .formatted(
                    owner.session(), owner.device(), owner.gateway(), same.epoch(), owner.epoch()));
      }
    }
    return violations;
  }

  private void add(List<Violation> violations, String what) {
    violations.add(new Violation(promise(), what));
  }
}

package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.Ownership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A device and an epoch stand for one connection to one gateway. A connection may raise its epoch,
 * when it hears of a higher one that is over.
 */
final class OneOwner implements Check {
  private record Epoch(int device, long epoch) {}

  @Override
  public String promise() {
    return "one owner for each device and epoch";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    var violations = new ArrayList<Violation>();
    var ofEpoch = new HashMap<Epoch, Ownership>();
    for (var owner : evidence.owners().stream().distinct().toList()) {
      var first = ofEpoch.putIfAbsent(new Epoch(owner.device(), owner.epoch()), owner);
      if (first != null
          && (first.session() != owner.session() || !first.gateway().equals(owner.gateway()))) {
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
    }
    return violations;
  }

  private void add(List<Violation> violations, String what) {
    violations.add(new Violation(promise(), what));
  }
}

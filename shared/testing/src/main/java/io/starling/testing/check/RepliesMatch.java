package io.starling.testing.check;

import io.starling.testing.history.CallRecord;
import io.starling.testing.history.Evidence;
import io.starling.testing.history.Execution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A caller hears what the called device answered to this very call; a device runs only what it was
 * called for, and no call twice.
 */
final class RepliesMatch implements Check {

  @Override
  public String promise() {
    return "replies match their calls";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    var violations = new ArrayList<Violation>();
    var calls = new HashMap<Integer, CallRecord>();
    evidence.calls().forEach(call -> calls.put(call.call(), call));
    var executed = new HashSet<Execution>();
    for (var execution : evidence.executions()) {
      ran(execution, calls, !executed.add(execution), violations);
    }
    for (var call : evidence.calls()) {
      if (call.outcome() instanceof CallRecord.Returned(var value)) {
        returned(call, value, executed, violations);
      }
    }
    return violations;
  }

  private void ran(
      Execution execution,
      Map<Integer, CallRecord> calls,
      boolean again,
      List<Violation> violations) {
    var call = calls.get(execution.call());
    if (call == null || call.device() != execution.device()) {
      add(
          violations,
          "device %d ran call %d, which was not made to it"
              .formatted(execution.device(), execution.call()));
    } else if (again) {
      add(
          violations,
          "device %d ran call %d twice".formatted(execution.device(), execution.call()));
    }
  }

  private void returned(
      CallRecord call, int value, Set<Execution> executed, List<Violation> violations) {
    if (value != CallRecord.answer(call.call(), call.device())) {
      add(
          violations,
          "call %d to device %d returned %d instead of %d"
              .formatted(
                  call.call(),
                  call.device(),
                  value,
                  CallRecord.answer(call.call(), call.device())));
    } else if (!executed.contains(new Execution(call.call(), call.device()))) {
      add(
          violations,
          "call %d returned and device %d never ran it".formatted(call.call(), call.device()));
    }
  }

  private void add(List<Violation> violations, String what) {
    violations.add(new Violation(promise(), what));
  }
}

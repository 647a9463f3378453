package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import java.util.List;

/** One promise. Stateless. */
public interface Check {
  /** The promise, in a few words. */
  String promise();

  /** Every breach of it, in an order that is always the same; none if it was kept. */
  List<Violation> violations(Evidence evidence);
}

package io.starling.journal.membership;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came back from an address. */
sealed interface Answer {
  JournalAddress address();

  /** The logs that the asked one is known to host; none if nothing is known. */
  Map<String, LogView> logs();

  /** A journal of this disk. */
  record Spoke(Member member, Map<String, LogView> logs) implements Answer {
    public Spoke {
      logs = Map.copyOf(logs);
    }

    @Override
    public JournalAddress address() {
      return member.address();
    }
  }

  /** Nobody, or nobody that is a journal. */
  record Silent(JournalAddress address, String why) implements Answer {
    @Override
    public Map<String, LogView> logs() {
      return Map.of();
    }
  }

  /** What it says about a log. */
  default @Nullable LogView log(String log) {
    return logs().get(log);
  }
}

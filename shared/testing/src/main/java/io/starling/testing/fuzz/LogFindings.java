package io.starling.testing.fuzz;

import java.util.List;

/** What in a server's log nobody who only sends packets may bring about. */
public final class LogFindings {
  private LogFindings() {}

  /** The lines that tell of a leak, an error or an exception. */
  public static List<String> in(List<String> log) {
    return log.stream()
        .filter(
            line ->
                line.contains("LEAK")
                    || line.contains(" ERROR ")
                    || line.matches(
                        "^\\tat .*|^(Caused by: )?[a-z.]+[A-Z]\\w*(Exception|Error)\\b.*"))
        .toList();
  }
}

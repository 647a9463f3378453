package io.starling.journal.membership;

import io.starling.journal.disk.JournalFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a disk knows about its own membership, kept in its folder as {@code charter}.
 *
 * @param founders with whom it founded the logs; none: it came in later, with empty logs
 * @param hosted logs that were started on this disk: if one is missing, it has been deleted
 * @param member logs of which this disk has once been a member
 */
record Charter(List<Member> founders, Set<String> hosted, Set<String> member) {
  private static final String FILE = "charter";

  Charter {
    founders = List.copyOf(founders);
    hosted = Set.copyOf(hosted);
    member = Set.copyOf(member);
  }

  static Charter founded(List<Member> founders) {
    return new Charter(founders, Set.of(), Set.of());
  }

  Charter hosting(Set<String> logs) {
    return new Charter(founders, logs, member);
  }

  Charter memberOf(Set<String> logs) {
    return new Charter(founders, hosted, logs);
  }

  static @Nullable Charter read(JournalFolder folder) throws IOException {
    String text = folder.note(FILE);
    return text == null ? null : parse(text);
  }

  void write(JournalFolder folder) throws IOException {
    folder.note(FILE, text());
  }

  String text() {
    List<String> lines = new ArrayList<>();
    founders.forEach(each -> lines.add("founder " + each.diskId() + " " + each.address()));
    new TreeSet<>(hosted).forEach(log -> lines.add("hosted " + log));
    new TreeSet<>(member).forEach(log -> lines.add("member " + log));
    return String.join("\n", lines);
  }

  static Charter parse(String text) throws IOException {
    List<Member> founders = new ArrayList<>();
    Set<String> hosted = new TreeSet<>();
    Set<String> member = new TreeSet<>();
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      String[] words = line.split(" ", -1);
      boolean known =
          switch (words[0] + words.length) {
            case "founder3" -> founders.add(new Member(words[1], JournalAddress.parse(words[2])));
            case "hosted2" -> hosted.add(words[1]);
            case "member2" -> member.add(words[1]);
            default -> false;
          };
      if (!known) {
        throw new IOException("the journal's file charter has a line that means nothing: " + line);
      }
    }
    return new Charter(founders, hosted, member);
  }
}

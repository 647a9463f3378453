package io.starling.accounts.imports;

import io.starling.contract.DeviceId;
import io.starling.contract.ImportsReply.Problem;
import io.starling.contract.ImportsReply.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The devices of one piece, each once, and what becomes of them: decided from what the database
 * knows, before anything is written.
 */
final class ImportBatch {
  private final ImportLines lines;
  private final Map<DeviceId, ImportRow> rows = new LinkedHashMap<>();
  private final Map<DeviceId, Integer> times = new HashMap<>();
  private final List<Problem> problems;
  private final List<ImportRow> toAdd = new ArrayList<>();
  private final List<ImportRow> toCreate = new ArrayList<>();
  private final List<ImportRow> existing = new ArrayList<>();
  private int nonmember;
  private int invalid;

  /**
   * What the database knows about the devices and groups of a piece.
   *
   * @param inside those that are in the product, not in its quarantine
   * @param free those that may come in: of the owner's and in no product, or in quarantine
   * @param serialNumbers of the product, and whose they are
   * @param groups ids by name
   */
  record Known(
      Set<DeviceId> inside,
      Set<DeviceId> free,
      Map<String, DeviceId> serialNumbers,
      Map<String, String> groups) {}

  ImportBatch(ImportLines lines) {
    this.lines = lines;
    this.problems = new ArrayList<>(lines.problems());
    this.invalid = lines.problems().size();
    for (ImportRow row : lines.rows()) {
      rows.merge(row.id(), row, ImportRow::then);
      times.merge(row.id(), 1, Integer::sum);
    }
  }

  Set<DeviceId> ids() {
    return rows.keySet();
  }

  Set<String> groupNames() {
    var names = new TreeSet<String>();
    rows.values().forEach(row -> names.addAll(row.groups()));
    return names;
  }

  List<String> serialNumbers() {
    var numbers = new ArrayList<String>();
    for (ImportRow row : rows.values()) {
      if (row.serialNumber() != null) {
        numbers.add(row.serialNumber());
      }
    }
    return numbers;
  }

  /** Decides. */
  void sort(Known known) {
    var serialNumbers = new HashMap<>(known.serialNumbers());
    for (ImportRow row : rows.values()) {
      boolean isThere = known.inside().contains(row.id());
      boolean isFree = known.free().contains(row.id());
      String serialNumber = row.serialNumber();
      if (!isThere && !isFree && row.secretHash() == null) {
        nonmember += times(row);
      } else if (!known.groups().keySet().containsAll(row.groups())) {
        refuse(row, "the product has no such group");
      } else if (serialNumber != null
          && !row.id().equals(serialNumbers.getOrDefault(serialNumber, row.id()))) {
        refuse(row, "serial_number is another device's of the product");
      } else {
        if (serialNumber != null) {
          serialNumbers.put(serialNumber, row.id());
        }
        (isThere ? existing : isFree ? toAdd : toCreate).add(row);
      }
    }
  }

  private int times(ImportRow row) {
    return times.getOrDefault(row.id(), 1);
  }

  private void refuse(ImportRow row, String reason) {
    invalid += times(row);
    problems.add(new Problem(row.line(), reason));
  }

  /** What is to come into the product, and those in it of which the file tells something. */
  List<ImportRow> toWrite() {
    var all = new ArrayList<>(toAdd);
    existing.stream().filter(row -> !row.isBare()).forEach(all::add);
    return all;
  }

  /** Those that are, or come to be, in the product, with what is printed on them. */
  List<ImportRow> toLabel() {
    return Stream.of(toAdd, toCreate, existing)
        .flatMap(List::stream)
        .filter(row -> row.claimHash() != null)
        .toList();
  }

  List<ImportRow> toCreate() {
    return toCreate;
  }

  List<String> columns() {
    return lines.columns();
  }

  List<Problem> problems() {
    return problems;
  }

  /**
   * What became of its lines; a line that repeats another counts as one that exists.
   *
   * @param created those that were to be made and could be
   */
  Progress progress(Collection<DeviceId> created) {
    int made = 0;
    int strange = nonmember;
    for (ImportRow row : toCreate) {
      if (created.contains(row.id())) {
        made += times(row);
      } else {
        strange += times(row);
      }
    }
    int added = toAdd.size();
    int repeated = toAdd.stream().mapToInt(this::times).sum() - added + made - created.size();
    int there = existing.stream().mapToInt(this::times).sum() + repeated;
    return new Progress(lines.read(), added, created.size(), there, strange, invalid);
  }
}

package io.starling.accounts.imports;

import io.starling.contract.DeviceId;
import io.starling.contract.ImportsReply.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a file as devices: CSV (RFC 4180, without line breaks in a field), whose first line may
 * name the columns. Columns of other names are passed over, and so are empty lines.
 */
final class ImportLines {
  /** The columns of a file that does not name them. */
  private static final List<String> USUAL =
      List.of("id", "serial_number", "name", "group", "secret_hash", "claim_secret_hash");

  /** Or nothing. */
  private static final Pattern HASH = Pattern.compile("|[0-9a-f]{64}");

  private static final int MAX_TEXT = 64;
  private static final int MAX_GROUPS = 100;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final List<String> columns;
  private final List<ImportRow> rows = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private int read;

  private ImportLines(List<String> columns) {
    this.columns = columns;
  }

  /**
   * Reads a piece.
   *
   * @param known the columns as the first line named them; null if this is the first piece
   */
  static ImportLines of(@Nullable List<String> known, int firstLine, List<String> lines) {
    String head = known != null || lines.isEmpty() ? "" : first(lines.getFirst());
    var named = fields(head).stream().map(ImportLines::column).toList();
    boolean isNamed = !named.isEmpty() && named.contains("id");
    var read = new ImportLines(isNamed ? named : known == null ? USUAL : known);
    for (int i = isNamed ? 1 : 0; i < lines.size(); i++) {
      String line = lines.get(i);
      read.line(firstLine + i, i == 0 && known == null ? first(line) : line.strip());
    }
    return read;
  }

  List<String> columns() {
    return columns;
  }

  List<ImportRow> rows() {
    return rows;
  }

  /** One for each line that is none. */
  List<Problem> problems() {
    return problems;
  }

  /** How many lines were not empty. */
  int read() {
    return read;
  }

  private static String first(String line) {
    return (line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line).strip();
  }

  private static String column(String title) {
    String name = title.strip().toLowerCase(Locale.ROOT).replaceAll("[ -]", "_");
    return switch (name) {
      case "device_id", "deviceid" -> "id";
      case "serial", "serialnumber" -> "serial_number";
      case "groups" -> "group";
      default -> name;
    };
  }

  private void line(int number, String text) {
    if (text.isEmpty()) {
      return;
    }
    read++;
    var fields = fields(text);
    if (fields.isEmpty()) {
      problems.add(new Problem(number, "a quotation mark is not closed"));
      return;
    }
    String id = field(fields, "id").toLowerCase(Locale.ROOT);
    String serialNumber = field(fields, "serial_number");
    String name = field(fields, "name");
    String hash = field(fields, "secret_hash").toLowerCase(Locale.ROOT);
    String claimHash = field(fields, "claim_secret_hash").toLowerCase(Locale.ROOT);
    var groups = groups(field(fields, "group"));
    if (!DeviceId.isValid(id)) {
      problems.add(new Problem(number, "id is not 24 hexadecimal digits"));
    } else if (serialNumber.length() > MAX_TEXT) {
      problems.add(new Problem(number, "serial_number is longer than " + MAX_TEXT));
    } else if (name.length() > MAX_TEXT) {
      problems.add(new Problem(number, "name is longer than " + MAX_TEXT));
    } else if (!HASH.matcher(claimHash).matches()) {
      problems.add(new Problem(number, "claim_secret_hash is not 64 hexadecimal digits"));
    } else if (!HASH.matcher(hash).matches()) {
      problems.add(new Problem(number, "secret_hash is not 64 hexadecimal digits"));
    } else if (groups.size() > MAX_GROUPS) {
      problems.add(new Problem(number, "at most " + MAX_GROUPS + " groups"));
    } else {
      rows.add(
          new ImportRow(
              number,
              DeviceId.of(id),
              told(serialNumber),
              told(name),
              groups,
              told(hash),
              told(claimHash)));
    }
  }

  private static @Nullable String told(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Set<String> groups(String text) {
    return Arrays.stream(text.split(";", -1))
        .map(String::strip)
        .filter(group -> !group.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String field(List<String> fields, String column) {
    int index = columns.indexOf(column);
    return index < 0 || index >= fields.size() ? "" : fields.get(index).strip();
  }

  /** The fields of a line; none if a quotation mark is not closed. */
  private static List<String> fields(String line) {
    var fields = new ArrayList<String>();
    var field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return quoted ? List.of() : fields;
  }
}

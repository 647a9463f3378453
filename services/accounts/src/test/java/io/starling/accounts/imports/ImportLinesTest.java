package io.starling.accounts.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.ImportsReply.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportLinesTest {
  private static final String ID = "0123456789abcdef01234567";

  private static ImportLines first(String... lines) {
    return ImportLines.of(null, 1, List.of(lines));
  }

  @Test
  void aFileOfIdsNeedsNoTitles() {
    var lines = first(ID.toUpperCase(java.util.Locale.ROOT), "", " " + ID + " ");
    assertThat(lines.rows()).hasSize(2).allMatch(row -> row.id().equals(DeviceId.of(ID)));
    assertThat(lines.rows()).allMatch(ImportRow::isBare);
    assertThat(lines.read()).isEqualTo(2);
  }

  @Test
  void theFirstLineMayNameTheColumnsForAllPieces() {
    var first = first("\"Device ID\",groups", ID + ",a;b");
    var next = ImportLines.of(first.columns(), 3, List.of(ID + ",c"));
    assertThat(first.rows().getFirst().groups()).containsExactly("a", "b");
    assertThat(next.rows().getFirst().groups()).containsExactly("c");
    assertThat(next.rows().getFirst().line()).isEqualTo(3);
  }

  @Test
  void quotationMarksKeepCommasAndThemselves() {
    assertThat(first(ID + ",,\"a \"\"b\"\", c\"").rows().getFirst().name()).isEqualTo("a \"b\", c");
  }

  @Test
  void aLineThatIsNoneIsToldByItsNumber() {
    var lines =
        first(
            "no id",
            ID + "," + "x".repeat(65),
            ID + ",," + "x".repeat(65),
            ID + ",,,,ab",
            ID + ",,,,,xy",
            ID + ",\"");
    assertThat(lines.rows()).isEmpty();
    assertThat(lines.problems().stream().map(Problem::line)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aDeviceThatStandsTwiceIsTakenAsTheLaterLineSays() {
    var rows = first(ID + ",s1,n1,a", ID + ",,n2,b").rows();
    var both = rows.getFirst().then(rows.getLast());
    assertThat(both.serialNumber()).isEqualTo("s1");
    assertThat(both.name()).isEqualTo("n2");
    assertThat(both.groups()).containsExactly("a", "b");
  }
}

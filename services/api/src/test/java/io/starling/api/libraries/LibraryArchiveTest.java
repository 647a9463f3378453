package io.starling.api.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.api.TarGz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryArchiveTest {
  private static final String PROPERTIES = "# it\nname=blink\nversion = 1.0.2\nsentence=A = B\n\n";

  private static TarGz library() {
    return new TarGz().file("./library.properties", PROPERTIES);
  }

  private static void refused(byte[] archive, String why) {
    assertThatThrownBy(() -> LibraryArchive.of(archive))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void readsWhatIsSaidOfTheLibrary() {
    var archive = library().folder("src/").file("src/blink.cpp", "x".repeat(2_000)).bytes();
    assertThat(LibraryArchive.of(archive))
        .isEqualTo(new LibraryArchive("blink", "1.0.2", Map.of("sentence", "A = B")));
  }

  @Test
  void readsLongNamesOfPaxAndOfGnu() {
    String name = "src/" + "x".repeat(120) + ".cpp";
    assertThat(LibraryArchive.of(library().pax("path", name).file("short", "x").bytes()).name())
        .isEqualTo("blink");
    assertThat(LibraryArchive.of(library().gnuName(name).file("short", "x").bytes()).name())
        .isEqualTo("blink");
    refused(library().pax("path", "../../etc/passwd").file("short", "x").bytes(), "leads out");
    refused(library().gnuName("/etc/passwd").file("short", "x").bytes(), "not taken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "src/../../x", "/etc/passwd", "a\\b", "C:x", "a\u0001b"})
  void aNameThatLeadsElsewhereIsRefused(String name) {
    refused(library().file(name, "x").bytes(), "has a name that");
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '6', 'S'})
  void onlyFilesAndFoldersAreTaken(char type) {
    refused(library().entry("src/x", type, "").bytes(), "other things than files and folders");
  }

  @Test
  void whatIsTooMuchIsRefused() {
    var many = library();
    for (int i = 0; i < 2_001; i++) {
      many.file("f" + i, "");
    }
    refused(many.bytes(), "more than 2000 entries");
    refused(library().file("zeros", "\0".repeat(1 << 20)).bytes(), "too large unpacked");
    refused(new TarGz().file("library.properties", "x".repeat(20_000)).bytes(), "too large");
    refused(library().file("library.properties", PROPERTIES).bytes(), "a file twice");
  }

  @Test
  void whatIsNoArchiveIsRefused() {
    refused("nothing".getBytes(StandardCharsets.UTF_8), "not a whole tar.gz");
    refused(new byte[0], "not a whole tar.gz");
    byte[] whole = library().bytes();
    refused(Arrays.copyOf(whole, whole.length - 20), "not a whole tar.gz");
    refused(library().damaged().bytes(), "damaged");
    refused(library().pax("path", "x").cutPax().file("y", "").bytes(), "damaged");
    refused(new TarGz().file("other", "x").bytes(), "There is no library.properties");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name=blink",
        "version=1.0.0",
        "name=b l\nversion=1.0.0",
        "name=../x\nversion=1.0.0",
        "name=blink\nversion=latest",
        "name=blink\nversion=1.0.0\nnonsense",
        "name=blink\nversion=1.0.0\nk k=v",
        "name=blink\nversion=1.0.0\nsentence=\u0007"
      })
  void propertiesThatSayTooLittleOrTooMuchAreRefused(String text) {
    assertThatThrownBy(() -> LibraryArchive.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("library.properties");
  }
}

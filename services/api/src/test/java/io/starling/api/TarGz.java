package io.starling.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** An archive made entry by entry, right or wrong. */
public final class TarGz {
  private static final int BLOCK = 512;
  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();
  private boolean damages;

  @CanIgnoreReturnValue
  public TarGz file(String name, String content) {
    return entry(name, '0', content);
  }

  @CanIgnoreReturnValue
  public TarGz folder(String name) {
    return entry(name, '5', "");
  }

  /** Says something of the next entry as pax does. */
  @CanIgnoreReturnValue
  public TarGz pax(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int length = rest.length() + 2;
    length = rest.length() + Integer.toString(length).length();
    length = rest.length() + Integer.toString(length).length();
    return entry("PaxHeader", 'x', length + rest);
  }

  /** Names the next entry as GNU tar does. */
  @CanIgnoreReturnValue
  public TarGz gnuName(String name) {
    return entry("././@LongLink", 'L', name + "\0");
  }

  /** The entry behind this has a wrong checksum. */
  @CanIgnoreReturnValue
  public TarGz damaged() {
    damages = true;
    return file("damaged", "x");
  }

  /** A pax record that is longer than it is. */
  @CanIgnoreReturnValue
  public TarGz cutPax() {
    return entry("PaxHeader", 'x', "99 path=x\n");
  }

  @CanIgnoreReturnValue
  public TarGz entry(String name, char type, String content) {
    byte[] header = new byte[BLOCK];
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 124, "%011o".formatted(bytes.length));
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    put(header, 148, "        ");
    int sum = damages ? 1 : 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    tar.writeBytes(header);
    tar.writeBytes(bytes);
    tar.writeBytes(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    return this;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** All of it. */
  public byte[] bytes() {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(tar.toByteArray());
      gzip.write(new byte[2 * BLOCK]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}

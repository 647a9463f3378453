package io.starling.api.libraries;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A tar.gz that is looked into without unpacking it: ustar, with the long names of pax and GNU.
 * What is unpacked somewhere else stays below its folder: there are files and folders only, and no
 * name leads out.
 */
final class Tarball {
  private static final int BLOCK = 512;
  private static final int MAX_ENTRIES = 2_000;
  private static final long MAX_BYTES = 16L << 20;
  private static final int MAX_RATIO = 100;

  /** An archive as small as this may be of any ratio: tar fills up with zeros. */
  private static final int SMALL = 64 << 10;

  private static final int MAX_KEPT = 16 << 10;
  private static final int MAX_NAME = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final InputStream in;
  private final long limit;
  private final String wanted;
  private final Set<String> names = new HashSet<>();
  private long read;
  private int entries;
  private byte @Nullable [] kept;

  // for the next entry
  private final Map<String, String> next = new HashMap<>();

  private Tarball(InputStream in, long limit, String wanted) {
    this.in = in;
    this.limit = limit;
    this.wanted = wanted;
  }

  /**
   * Looks into an archive.
   *
   * @param wanted a file at its root
   * @return what is in that file
   * @throws IllegalArgumentException if the archive is none, or not one that is taken
   */
  static Optional<String> look(byte[] archive, String wanted) {
    long limit = Math.min(MAX_BYTES, Math.max(SMALL, (long) archive.length * MAX_RATIO));
    try (var in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      var tarball = new Tarball(in, limit, wanted);
      tarball.look();
      return Optional.ofNullable(tarball.kept)
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException _) {
      throw new IllegalArgumentException("The file is not a whole tar.gz");
    }
  }

  private void look() throws IOException {
    for (byte[] header = block(); !isEmpty(header); header = block()) {
      entries++;
      if (entries > MAX_ENTRIES) {
        throw new IllegalArgumentException("The archive has more than " + MAX_ENTRIES + " entries");
      }
      checkSum(header);
      entry(header, header[156]);
    }
  }

  private static boolean isEmpty(byte[] block) {
    return Arrays.equals(block, new byte[BLOCK]);
  }

  private static void checkSum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
      sum += own ? ' ' : header[i] & 0xff;
    }
    if (sum != number(header, CHECKSUM_AT, CHECKSUM_LENGTH)) {
      throw new IllegalArgumentException("The archive is damaged");
    }
  }

  private void entry(byte[] header, byte type) throws IOException {
    long size = number(header, 124, 12);
    switch (type) {
      case 'x' -> pax(small(size));
      case 'L' -> next.put("path", text(small(size), 0, (int) size));
      case 'g' -> skip(size);
      case '0', 0, '7' -> file(name(header), sizeOr(size));
      case '5' -> {
        var _ = name(header);
        skip(sizeOr(size));
        next.clear();
      }
      default ->
          throw new IllegalArgumentException("The archive has other things than files and folders");
    }
  }

  private long sizeOr(long size) {
    String told = next.getOrDefault("size", "");
    return told.matches("\\d{1,12}") ? Long.parseLong(told) : size;
  }

  private void file(String name, long size) throws IOException {
    next.clear();
    if (!names.add(name)) {
      throw new IllegalArgumentException("The archive has a file twice");
    }
    if (name.equals(wanted)) {
      kept = small(size);
    } else {
      skip(size);
    }
  }

  /** Records of {@code length key=value\n}. */
  private void pax(byte[] records) {
    int at = 0;
    while (at < records.length) {
      int blank = at;
      while (blank < records.length && records[blank] != ' ') {
        blank++;
      }
      String digits = text(records, at, blank - at);
      int length = digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
      if (length <= blank - at + 1 || at + length > records.length) {
        throw new IllegalArgumentException("The archive is damaged");
      }
      // Up to the line feed.
      String[] record = text(records, blank + 1, at + length - blank - 2).split("=", 2);
      if (record.length == 2) {
        next.put(record[0], record[1]);
      }
      at += length;
    }
  }

  private String name(byte[] header) {
    String prefix = text(header, 345, 155);
    String plain = text(header, 0, 100);
    boolean ustar = text(header, 257, 5).equals("ustar");
    String name =
        next.getOrDefault("path", ustar && !prefix.isEmpty() ? prefix + "/" + plain : plain);
    if (name.length() > MAX_NAME
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf(':') >= 0
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("The archive has a name that is not taken");
    }
    var parts = Arrays.stream(name.split("/", -1)).filter(it -> !it.isEmpty() && !it.equals("."));
    String clean = String.join("/", parts.toList());
    if (Arrays.asList(clean.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException("The archive has a name that leads out of it");
    }
    return clean;
  }

  private static long number(byte[] header, int at, int length) {
    String digits = text(header, at, length).strip();
    if (!digits.matches("[0-7]{0,11}")) {
      throw new IllegalArgumentException("The archive is damaged");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  /** Up to a zero. */
  private static String text(byte[] bytes, int at, int length) {
    int end = at;
    while (end < at + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  private byte[] block() throws IOException {
    return bytes(BLOCK);
  }

  private byte[] small(long size) throws IOException {
    if (size > MAX_KEPT) {
      throw new IllegalArgumentException("A part of the archive is too large");
    }
    return Arrays.copyOf(bytes((int) padded(size)), (int) size);
  }

  private byte[] bytes(int count) throws IOException {
    count(count);
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  private void skip(long size) throws IOException {
    long padded = padded(size);
    count(padded);
    in.skipNBytes(padded);
  }

  /** All of its blocks. */
  private static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private void count(long more) {
    read += more;
    if (read > limit) {
      throw new IllegalArgumentException("The archive is too large unpacked");
    }
  }
}

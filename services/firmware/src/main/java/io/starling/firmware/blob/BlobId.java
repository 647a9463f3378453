package io.starling.firmware.blob;

import java.util.regex.Pattern;

/**
 * The name of content: its SHA-256.
 *
 * @param hex 64 digits, lower case
 */
public record BlobId(String hex) implements Comparable<BlobId> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  public BlobId {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("a blob is named by 64 hexadecimal digits, lower case");
    }
  }

  @Override
  public int compareTo(BlobId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}

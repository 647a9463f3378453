package io.starling.firmware.image;

import java.util.Comparator;

/**
 * The version in the header of an image, in the order of its fields: MCUboot's {@code
 * image_version}.
 *
 * @param major 0 to 255
 * @param minor 0 to 255
 * @param revision 0 to 65535
 * @param build 0 to 2<sup>32</sup> - 1
 */
public record ImageVersion(int major, int minor, int revision, long build)
    implements Comparable<ImageVersion> {
  private static final Comparator<ImageVersion> ORDER =
      Comparator.comparingInt(ImageVersion::major)
          .thenComparingInt(ImageVersion::minor)
          .thenComparingInt(ImageVersion::revision)
          .thenComparingLong(ImageVersion::build);

  @Override
  public int compareTo(ImageVersion other) {
    return ORDER.compare(this, other);
  }

  /** As imgtool writes it: {@code 1.2.3+4}, without the build if that is 0. */
  @Override
  public String toString() {
    return major + "." + minor + "." + revision + (build == 0 ? "" : "+" + build);
  }
}

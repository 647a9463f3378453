package io.starling.directory;

import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Devices in an order, in short arrays that are replaced and never written to: a few bytes a
 * device, and any place in the order is found by counting arrays. Readers on any thread, without
 * locks, and while it changes they see each device as it was or as it is; one writer at a time.
 */
final class SortedDevices {
  private static final int MAX_LENGTH = 256;

  private final Comparator<Entry.Device> order;

  /** None of them is empty, but the only one. */
  private volatile AtomicReferenceArray<Entry.Device[]> parts = parts(List.of());

  private final AtomicInteger size = new AtomicInteger();

  SortedDevices(Comparator<Entry.Device> order) {
    this.order = order;
  }

  private static AtomicReferenceArray<Entry.Device[]> parts(List<Entry.Device[]> some) {
    return new AtomicReferenceArray<>(
        some.isEmpty() ? new Entry.Device[1][0] : some.toArray(Entry.Device[][]::new));
  }

  int size() {
    return size.get();
  }

  Entry.@Nullable Device find(Entry.Device like) {
    var all = parts;
    var part = all.get(partOf(all, like));
    int at = Arrays.binarySearch(part, like, order);
    return at < 0 ? null : part[at];
  }

  /** Puts one in, in place of the one that stands in the same place. */
  void put(Entry.Device device) {
    var all = parts;
    int number = partOf(all, device);
    var part = all.get(number);
    int at = Arrays.binarySearch(part, device, order);
    if (at >= 0) {
      var copy = part.clone();
      copy[at] = device;
      all.set(number, copy);
      return;
    }
    int place = -at - 1;
    var copy = Arrays.copyOf(part, part.length + 1);
    System.arraycopy(part, place, copy, place + 1, part.length - place);
    copy[place] = device;
    if (copy.length <= MAX_LENGTH) {
      all.set(number, copy);
    } else {
      // In rising order, as a snapshot comes, full ones stay behind.
      boolean isLast = number == all.length() - 1 && place == part.length;
      split(all, number, copy, isLast ? part.length : copy.length / 2);
    }
    size.incrementAndGet();
  }

  private void split(
      AtomicReferenceArray<Entry.Device[]> all, int number, Entry.Device[] part, int at) {
    var more = new AtomicReferenceArray<Entry.Device[]>(all.length() + 1);
    for (int i = 0; i < all.length(); i++) {
      more.setPlain(i < number ? i : i + 1, all.getPlain(i));
    }
    more.setPlain(number, Arrays.copyOfRange(part, 0, at));
    more.setPlain(number + 1, Arrays.copyOfRange(part, at, part.length));
    parts = more;
  }

  /** Takes out the one that stands in this one's place. */
  void remove(Entry.Device like) {
    var all = parts;
    int number = partOf(all, like);
    var part = all.get(number);
    int at = Arrays.binarySearch(part, like, order);
    if (at < 0) {
      return;
    }
    if (part.length == 1 && all.length() > 1) {
      var fewer = new AtomicReferenceArray<Entry.Device[]>(all.length() - 1);
      for (int i = 0; i < fewer.length(); i++) {
        fewer.setPlain(i, all.getPlain(i < number ? i : i + 1));
      }
      parts = fewer;
    } else {
      var copy = Arrays.copyOf(part, part.length - 1);
      System.arraycopy(part, at + 1, copy, at, part.length - at - 1);
      all.set(number, copy);
    }
    size.decrementAndGet();
  }

  /** The last that begins with it, or with one before it. */
  private int partOf(AtomicReferenceArray<Entry.Device[]> all, Entry.Device device) {
    int low = 1;
    int high = all.length();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.compare(all.get(middle)[0], device) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** All, in order. */
  Range all() {
    return new Range(_ -> false, _ -> true);
  }

  /**
   * Some that stand together.
   *
   * @param isBefore of those before them, and of no others
   * @param isUntil of those and of them
   */
  Range range(Predicate<Entry.Device> isBefore, Predicate<Entry.Device> isUntil) {
    return new Range(isBefore, isUntil);
  }

  /** Devices that stand together: a view, which changes as they do. */
  final class Range extends AbstractCollection<Entry.Device> implements DeviceRange {
    private final Predicate<Entry.Device> isBefore;
    private final Predicate<Entry.Device> isUntil;

    private Range(Predicate<Entry.Device> isBefore, Predicate<Entry.Device> isUntil) {
      this.isBefore = isBefore;
      this.isUntil = isUntil;
    }

    @Override
    public int size() {
      var all = parts;
      return Math.max(0, count(all, isUntil) - count(all, isBefore));
    }

    @Override
    public Iterator<Entry.Device> iterator() {
      return walk(0, false);
    }

    @Override
    public Iterator<Entry.Device> walk(int skip, boolean descending) {
      return descending
          ? new Walk(parts, isUntil, -1, skip, isBefore.negate())
          : new Walk(parts, isBefore, 1, skip, isUntil);
    }

    @Override
    public Collection<Entry.Device> devices() {
      return this;
    }
  }

  /** How many there are at the front of which this is true. */
  private static int count(
      AtomicReferenceArray<Entry.Device[]> all, Predicate<Entry.Device> isFront) {
    int number = firstBehind(all, isFront);
    int count = 0;
    for (int i = 0; i < number; i++) {
      count += all.get(i).length;
    }
    return number < all.length() ? count + count(all.get(number), isFront) : count;
  }

  private static int count(Entry.Device[] part, Predicate<Entry.Device> isFront) {
    int low = 0;
    int high = part.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isFront.test(part[middle])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first part with one of which it is not true. */
  private static int firstBehind(
      AtomicReferenceArray<Entry.Device[]> all, Predicate<Entry.Device> isFront) {
    int low = 0;
    int high = all.length();
    while (low < high) {
      int middle = (low + high) >>> 1;
      var part = all.get(middle);
      if (part.length > 0 && isFront.test(part[part.length - 1])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** From a place on, up or down, as long as something is true. */
  private static final class Walk implements Iterator<Entry.Device> {
    private final AtomicReferenceArray<Entry.Device[]> all;
    private final int step;
    private final Predicate<Entry.Device> isInside;
    private int number;
    private Entry.Device[] part;
    private int at;
    private Entry.@Nullable Device next;

    /**
     * @param isFront of those in front of the place
     * @param skip how many are passed over
     */
    Walk(
        AtomicReferenceArray<Entry.Device[]> all,
        Predicate<Entry.Device> isFront,
        int step,
        int skip,
        Predicate<Entry.Device> isInside) {
      this.all = all;
      this.step = step;
      this.isInside = isInside;
      number = Math.min(firstBehind(all, isFront), all.length() - 1);
      part = all.get(number);
      at = count(part, isFront) + (step < 0 ? -1 : 0);
      pass(skip);
      settle();
    }

    private void pass(int skip) {
      int left = skip;
      int here = step > 0 ? part.length - at : at + 1;
      while (left >= here && toNextPart()) {
        left -= here;
        here = part.length;
      }
      at += step * left;
    }

    private boolean toNextPart() {
      int following = number + step;
      if (following < 0 || following >= all.length()) {
        return false;
      }
      number = following;
      part = all.get(number);
      at = step > 0 ? 0 : part.length - 1;
      return true;
    }

    private boolean isHere() {
      return at >= 0 && at < part.length;
    }

    private void settle() {
      while (!isHere()) {
        if (!toNextPart()) {
          next = null;
          return;
        }
      }
      next = isInside.test(part[at]) ? part[at] : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry.Device next() {
      var device = next;
      if (device == null) {
        throw new NoSuchElementException();
      }
      at += step;
      settle();
      return device;
    }
  }
}

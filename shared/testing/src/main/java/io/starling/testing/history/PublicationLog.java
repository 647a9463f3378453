package io.starling.testing.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Records what the devices of a fleet publish and what is acknowledged; about 20 bytes each.
 * Thread-safe.
 */
public final class PublicationLog {
  /** Hears of acknowledgements, on the thread that records them. */
  public interface AckListener {
    /** Of an event of this device that was handed over at this time. */
    void acknowledged(int device, long invokedNanos, long ackedNanos);
  }

  private final List<OfDevice> devices;
  private final List<AckListener> listeners = new CopyOnWriteArrayList<>();

  public PublicationLog(int devices) {
    this.devices = IntStream.range(0, devices).mapToObj(OfDevice::new).toList();
  }

  /** Notes a publish before it leaves; returns its number. */
  public int invoke(int device, int session, long nanos) {
    return devices.get(device).invoke(session, nanos);
  }

  public void acknowledge(int device, int number, long nanos) {
    var invoked = devices.get(device).acknowledge(number, nanos);
    listeners.forEach(listener -> listener.acknowledged(device, invoked, nanos));
  }

  public void listen(AckListener listener) {
    listeners.add(listener);
  }

  public void unlisten(AckListener listener) {
    listeners.remove(listener);
  }

  /** All publications so far, by device and number. */
  public List<List<Publication>> all() {
    return devices.stream().map(OfDevice::all).toList();
  }

  private static final class OfDevice {
    private final int device;
    private int[] sessions = new int[64];
    private long[] invoked = new long[64];
    private long[] acked = new long[64];
    private int count;

    OfDevice(int device) {
      this.device = device;
    }

    synchronized int invoke(int session, long nanos) {
      if (count == sessions.length) {
        sessions = Arrays.copyOf(sessions, count * 2);
        invoked = Arrays.copyOf(invoked, count * 2);
        acked = Arrays.copyOf(acked, count * 2);
      }
      sessions[count] = session;
      invoked[count] = nanos;
      acked[count] = Publication.NEVER;
      return count++;
    }

    synchronized long acknowledge(int number, long nanos) {
      acked[number] = nanos;
      return invoked[number];
    }

    synchronized List<Publication> all() {
      var all = new ArrayList<Publication>(count);
      for (var i = 0; i < count; i++) {
        all.add(new Publication(device, i, sessions[i], invoked[i], acked[i]));
      }
      return List.copyOf(all);
    }
  }
}

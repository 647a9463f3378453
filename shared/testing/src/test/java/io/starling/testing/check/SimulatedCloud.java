package io.starling.testing.check;

import io.starling.testing.history.CallRecord;
import io.starling.testing.history.Demand;
import io.starling.testing.history.Evidence;
import io.starling.testing.history.Execution;
import io.starling.testing.history.Observation;
import io.starling.testing.history.Ownership;
import io.starling.testing.history.Publication;
import io.starling.testing.history.PublicationLog;
import io.starling.testing.history.SinkLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A cloud of one thread with a journal in a page cache and on a disk, consumers with cursors, and
 * power failures; right, or wrong in one way. The same seed gives the same history.
 */
final class SimulatedCloud {
  /** What it does wrong. */
  enum Mutant {
    NONE,
    /** Acknowledges what it has received. */
    ACKNOWLEDGES_BEFORE_COMMIT,
    /** Acknowledges what it has written and not flushed. */
    SKIPS_FSYNC,
    /** After a failure its consumers go on at the end of the journal. */
    FORGETS_A_CURSOR,
    /** After a failure its consumers begin anew: wasteful, and allowed. */
    REPEATS_EVERYTHING,
    /** Appends a batch that was tried again behind a later one. */
    RETRIES_OUT_OF_ORDER,
    /** Gives a new connection the epoch of the one before. */
    REUSES_AN_EPOCH,
    /** Answers a caller with what another one asked for. */
    MIXES_UP_REPLIES,
    /** Runs a call again when its reply was lost. */
    RETRIES_CALLS,
    /** Shows what lay in a torn block of the journal. */
    SERVES_CORRUPTION
  }

  private static final int DEVICES = 4;
  private static final int STEPS = 400;

  private final Random random;
  private final Mutant mutant;
  private final PublicationLog publications = new PublicationLog(DEVICES);
  private final SinkLog webhook = new SinkLog("webhook", false);
  private final SinkLog rows = new SinkLog("rows", true);
  private final List<CallRecord> calls = new ArrayList<>();
  private final List<Execution> executions = new ArrayList<>();
  private final List<Ownership> owners = new ArrayList<>();
  private final int[] sessions = new int[DEVICES];
  private final long[] epochs = new long[DEVICES];
  private long clock = 1;

  // what the cloud keeps
  private final List<Entry> received = new ArrayList<>();
  private final List<Entry> journal = new ArrayList<>();
  private int onDisk;
  private int posted;
  private int drained;
  private final Set<String> acked = new HashSet<>();

  private record Entry(int device, int number, long stamp) {}

  private SimulatedCloud(long seed, Mutant mutant) {
    this.random = new Random(seed);
    this.mutant = mutant;
    Arrays.fill(sessions, 1);
    Arrays.fill(epochs, 1);
  }

  static Evidence run(long seed, Mutant mutant) {
    var cloud = new SimulatedCloud(seed, mutant);
    for (var step = 0; step < STEPS; step++) {
      cloud.step();
    }
    return cloud.end();
  }

  private void step() {
    clock++;
    var dice = random.nextInt(100);
    if (dice < 40) {
      publish(random.nextInt(DEVICES));
    } else if (dice < 65) {
      append();
    } else if (dice < 75) {
      flush();
    } else if (dice < 82) {
      post();
    } else if (dice < 89) {
      drain();
    } else if (dice < 97) {
      call(random.nextInt(DEVICES));
    } else {
      fail();
    }
  }

  private void publish(int device) {
    var number = publications.invoke(device, sessions[device], clock);
    owners.add(new Ownership(device, epochs[device], sessions[device], "gateway"));
    var entry = new Entry(device, number, clock);
    received.add(entry);
    if (mutant == Mutant.ACKNOWLEDGES_BEFORE_COMMIT) {
      acknowledge(entry);
    }
  }

  private void append() {
    if (!received.isEmpty()) {
      var late =
          mutant == Mutant.RETRIES_OUT_OF_ORDER && received.size() > 1 && random.nextBoolean();
      journal.add(received.remove(late ? 1 : 0));
      if (mutant == Mutant.SKIPS_FSYNC) {
        acknowledge(journal.getLast());
      }
    }
  }

  /** What the system flushes by itself comes too late for a mutant that does not wait for it. */
  private void flush() {
    if (mutant != Mutant.SKIPS_FSYNC || random.nextInt(4) == 0) {
      onDisk = journal.size();
      journal.forEach(this::acknowledge);
    }
  }

  private void acknowledge(Entry entry) {
    if (acked.add(entry.device() + "-" + entry.number())) {
      clock++;
      publications.acknowledge(entry.device(), entry.number(), clock);
    }
  }

  private void post() {
    for (; posted < onDisk; posted++) {
      show(webhook, journal.get(posted));
    }
  }

  private void drain() {
    for (; drained < onDisk; drained++) {
      show(rows, journal.get(drained));
    }
  }

  private void show(SinkLog sink, Entry entry) {
    clock++;
    sink.add(new Observation(entry.device(), entry.number(), entry.stamp(), clock));
  }

  private void call(int device) {
    var call = calls.size();
    executions.add(new Execution(call, device));
    if (random.nextInt(4) == 0) {
      if (mutant == Mutant.RETRIES_CALLS) {
        executions.add(new Execution(call, device));
      }
      calls.add(CallRecord.begun(call, device, 0).ended(new CallRecord.Failed("timed out")));
      return;
    }
    var mixed = mutant == Mutant.MIXES_UP_REPLIES && random.nextInt(4) == 0;
    var value = CallRecord.answer(mixed ? call + 1 : call, device);
    calls.add(CallRecord.begun(call, device, 0).ended(new CallRecord.Returned(value)));
  }

  /** The power goes: what is not on the disk is gone, and every device comes back. */
  private void fail() {
    received.clear();
    while (journal.size() > onDisk) {
      var torn = journal.removeLast();
      if (mutant == Mutant.SERVES_CORRUPTION) {
        show(rows, new Entry(torn.device(), torn.number(), torn.stamp() ^ 1));
      }
    }
    switch (mutant) {
      case FORGETS_A_CURSOR -> {
        posted = onDisk;
        drained = onDisk;
      }
      case REPEATS_EVERYTHING -> {
        posted = 0;
        drained = 0;
      }
      default -> {}
    }
    for (var device = 0; device < DEVICES; device++) {
      sessions[device]++;
      epochs[device] += mutant == Mutant.REUSES_AN_EPOCH && random.nextInt(4) == 0 ? 0 : 1;
    }
  }

  private Evidence end() {
    while (!received.isEmpty()) {
      append();
    }
    onDisk = journal.size();
    journal.forEach(this::acknowledge);
    post();
    drain();
    var everything = new Demand.Everything();
    return new Evidence(
        publications.all(),
        List.of(webhook.record(everything), rows.record(everything)),
        calls,
        executions,
        owners,
        List.of(),
        List.of());
  }

  /** How much happened, so that a test cannot pass on an empty history. */
  static long acknowledged(Evidence evidence) {
    return evidence.publications().stream()
        .flatMap(List::stream)
        .filter(Publication::isAcked)
        .count();
  }
}

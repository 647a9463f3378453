package io.starling.journal;

import io.starling.journal.membership.JournalAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything about a journal that can be set. Make one with {@link #of} and the builder it returns.
 *
 * @param folder owned by the journal alone
 * @param host the name under which other replicas reach this one
 * @param port 0: a free one is chosen once and kept in the folder, because addresses are stored in
 *     the log
 * @param replicas where all replicas listen, this one included; empty: this one alone. Disks are
 *     found by asking there, so that a list is the same on all nodes and outlives their disks
 * @param foundingPatience how long a new disk waits for all replicas before opening fails
 * @param retention entries younger than this are kept even if every cursor has passed them
 * @param maxBytesPerEntry payload bytes in one Raft entry, and so the largest payload
 * @param maxPendingBytes per log, payload bytes not yet committed; more are refused as OVERLOADED
 * @param appendDeadline after this an append fails even if nothing is known
 * @param minElection a follower that heard nothing for a random time from here to maxElection
 *     stands for election
 * @param diskQuotaBytes what {@link DiskGuard#used()} is a fraction of; 0: the file system
 * @param minFreeBytes with less left, appends are refused as FULL
 * @param ballastBytes a file that is deleted when a write fails, so that Ratis can still note its
 *     term
 * @param segmentBytes size of a log file; purging and cold reading go by whole files
 * @param tailBytes per log, recently applied payload bytes kept in memory for readers
 * @param entryBudget per log, retained entries that the heap can carry; 0: a quarter of the heap
 *     shared by the logs
 * @param onFatal called once, on an unspecified thread, when the journal cannot go on; should end
 *     the process
 */
public record JournalConfig(
    Path folder,
    String host,
    int port,
    List<JournalAddress> replicas,
    Duration foundingPatience,
    List<LogConfig> logs,
    Duration retention,
    int maxBytesPerEntry,
    long maxPendingBytes,
    Duration appendDeadline,
    Duration minElection,
    Duration maxElection,
    long diskQuotaBytes,
    long minFreeBytes,
    long ballastBytes,
    int segmentBytes,
    int tailBytes,
    long entryBudget,
    Consumer<Throwable> onFatal) {

  private static final int MIB = 1024 * 1024;

  public JournalConfig {
    replicas = List.copyOf(replicas);
    logs = List.copyOf(logs);
    Set<String> names = new HashSet<>();
    for (LogConfig log : logs) {
      check(names.add(log.name()), "log " + log.name() + " is configured twice");
    }
    check(!logs.isEmpty(), "no log is configured");
    check(port >= 0 && port < 65536, "port " + port);
    check(
        replicas.isEmpty() || replicas.contains(new JournalAddress(host, port)),
        host + ":" + port + " is not among the replicas " + replicas);
    check(new HashSet<>(replicas).size() == replicas.size(), "a replica is named twice");
    check(!retention.isNegative(), "retention " + retention);
    check(maxBytesPerEntry >= 1024 && maxBytesPerEntry <= 16 * MIB, "maxBytesPerEntry");
    check(maxPendingBytes >= maxBytesPerEntry, "maxPendingBytes is below maxBytesPerEntry");
    check(minElection.toMillis() >= 10, "minElection is below 10 ms");
    check(maxElection.compareTo(minElection) > 0, "maxElection is not above minElection");
    check(appendDeadline.isPositive(), "appendDeadline " + appendDeadline);
    check(segmentBytes >= 2L * maxBytesPerEntry, "segmentBytes is below two entries");
    check(diskQuotaBytes == 0 || minFreeBytes < diskQuotaBytes, "minFreeBytes reaches the quota");
    check(minFreeBytes >= 0 && ballastBytes >= 0, "negative size");
    check(tailBytes >= 0 && entryBudget >= 0, "negative budget");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("journal settings: " + message);
    }
  }

  Set<String> logNames() {
    Set<String> names = new HashSet<>();
    logs.forEach(log -> names.add(log.name()));
    return names;
  }

  /** Entries per log above which batching slows down; see {@link Pacing}. */
  long effectiveEntryBudget() {
    return entryBudget > 0
        ? entryBudget
        : Runtime.getRuntime().maxMemory() / 4 / Pacing.HEAP_BYTES_PER_ENTRY / logs.size();
  }

  /** Settings for a journal in this folder, with defaults for all the rest. */
  public static Builder of(Path folder, List<LogConfig> logs) {
    return new Builder(folder, logs);
  }

  /** Collects settings; not thread-safe. */
  public static final class Builder {
    private final Path folder;
    private final List<LogConfig> logs;
    private String host = "127.0.0.1";
    private int port;
    private List<JournalAddress> replicas = List.of();
    private Duration foundingPatience = Duration.ofMinutes(1);
    private Duration retention = Duration.ofHours(3);
    private int maxBytesPerEntry = MIB;
    private long maxPendingBytes = 16L * MIB;
    private Duration appendDeadline = Duration.ofSeconds(10);
    private Duration minElection = Duration.ofMillis(500);
    private Duration maxElection = Duration.ofSeconds(1);
    private long diskQuotaBytes;
    private long minFreeBytes = 256L * MIB;
    private long ballastBytes = 32L * MIB;
    private int segmentBytes = 16 * MIB;
    private int tailBytes = 8 * MIB;
    private long entryBudget;
    private Consumer<Throwable> onFatal = failure -> {};

    private Builder(Path folder, List<LogConfig> logs) {
      this.folder = folder;
      this.logs = logs;
    }

    public Builder address(String host, int port) {
      this.host = host;
      this.port = port;
      return this;
    }

    public Builder replicas(List<JournalAddress> replicas) {
      this.replicas = replicas;
      return this;
    }

    public Builder foundingPatience(Duration foundingPatience) {
      this.foundingPatience = foundingPatience;
      return this;
    }

    public Builder retention(Duration retention) {
      this.retention = retention;
      return this;
    }

    public Builder maxBytesPerEntry(int maxBytesPerEntry) {
      this.maxBytesPerEntry = maxBytesPerEntry;
      return this;
    }

    public Builder maxPendingBytes(long maxPendingBytes) {
      this.maxPendingBytes = maxPendingBytes;
      return this;
    }

    public Builder appendDeadline(Duration appendDeadline) {
      this.appendDeadline = appendDeadline;
      return this;
    }

    public Builder election(Duration min, Duration max) {
      this.minElection = min;
      this.maxElection = max;
      return this;
    }

    public Builder disk(long quotaBytes, long minFreeBytes, long ballastBytes) {
      this.diskQuotaBytes = quotaBytes;
      this.minFreeBytes = minFreeBytes;
      this.ballastBytes = ballastBytes;
      return this;
    }

    public Builder segmentBytes(int segmentBytes) {
      this.segmentBytes = segmentBytes;
      return this;
    }

    public Builder tailBytes(int tailBytes) {
      this.tailBytes = tailBytes;
      return this;
    }

    public Builder entryBudget(long entryBudget) {
      this.entryBudget = entryBudget;
      return this;
    }

    public Builder onFatal(Consumer<Throwable> onFatal) {
      this.onFatal = onFatal;
      return this;
    }

    public JournalConfig build() {
      return new JournalConfig(
          folder,
          host,
          port,
          replicas,
          foundingPatience,
          logs,
          retention,
          maxBytesPerEntry,
          maxPendingBytes,
          appendDeadline,
          minElection,
          maxElection,
          diskQuotaBytes,
          minFreeBytes,
          ballastBytes,
          segmentBytes,
          tailBytes,
          entryBudget,
          onFatal);
    }
  }
}

package io.starling.journal;

import io.starling.journal.membership.JournalAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up, and why. */
final class RaftSettings {
  /** Raft's and our own framing around the payloads of an entry. */
  private static final int FRAMING_BYTES = 128 * 1024;

  private RaftSettings() {}

  static RaftProperties of(JournalConfig config, JournalAddress self, Path storage, Path removed) {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(properties, removed.toFile());
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    GrpcConfigKeys.Server.setHost(properties, self.host());
    GrpcConfigKeys.Server.setPort(properties, self.port());
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("32MB"));
    elections(properties, config);
    log(properties, config);
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, seconds(10)); // we never retry
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    requireDurable(properties);
    return properties;
  }

  private static void elections(RaftProperties properties, JournalConfig config) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(config.minElection()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(config.maxElection()));
    if (config.replicas().size() <= 1) { // nobody's heartbeat to wait for after a start
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(1));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(5));
    }
    RaftServerConfigKeys.Rpc.setRequestTimeout(properties, seconds(1));
    // A machine that slept for a minute must step down and go on, not close for good (the default).
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(3650, TimeUnit.DAYS));
  }

  private static void log(RaftProperties properties, JournalConfig config) {
    int entryBytes = config.maxBytesPerEntry() + FRAMING_BYTES;
    SizeInBytes segment = SizeInBytes.valueOf(config.segmentBytes());
    Log.setSegmentSizeMax(properties, segment);
    Log.setPreallocatedSize(
        properties, SizeInBytes.valueOf(Math.min(4 << 20, config.segmentBytes() / 4)));
    // Heap: the open segment, always, and one closed one.
    Log.setSegmentCacheNumMax(properties, 1);
    Log.setSegmentCacheSizeMax(properties, segment);
    Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(entryBytes));
    // A replica that comes back is heard of at once: it has to be in step before the next one goes
    // (the default tries every 5 s after half a minute).
    Log.Appender.setRetryPolicy(properties, "1ms,10, 300ms,1000000000");
    Log.setWriteBufferSize(properties, SizeInBytes.valueOf(entryBytes + 64));
    // One fsync per entry. So a valid entry behind a broken one proves that the broken one was once
    // acknowledged, which the
    // check at start relies on; with two entries in flight a shared fsync would save little.
    Log.setForceSyncNum(properties, 1);
    // Would write an entry for every commit: twice the entries, twice the fsyncs, only to start a
    // follower a little sooner.
    Log.setLogMetadataEnabled(properties, false);
    Log.setPurgeGap(properties, 1);
    Log.setPurgeUptoSnapshotIndex(properties, true); // the snapshot's name is the retention index
    Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
  }

  /** An acknowledgement means fsynced: refuse to run with settings that would make it a lie. */
  private static void requireDurable(RaftProperties properties) {
    if (Log.unsafeFlushEnabled(properties)
        || Log.asyncFlushEnabled(properties)
        || Log.useMemory(properties)) {
      throw new IllegalStateException("the journal must fsync");
    }
  }

  private static TimeDuration time(Duration duration) {
    return millis(duration.toMillis());
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }

  private static TimeDuration seconds(long seconds) {
    return TimeDuration.valueOf(seconds, TimeUnit.SECONDS);
  }
}

package io.starling.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import io.vertx.core.spi.cluster.NodeInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a process tells another one of itself: where it is reached, and which addresses it serves
 * how often. Hazelcast brings it there and runs it. Its form is part of the cluster's wire: who
 * changes it changes the cluster's name.
 */
public final class Notice implements Callable<Boolean>, DataSerializable, HazelcastInstanceAware {
  private static final int MAX_ENTRIES = 1 << 20;

  private String node = "";
  private long version;
  private boolean whole;
  private @Nullable NodeInfo info;
  private Map<String, List<Long>> served = Map.of();
  private @Nullable HazelcastInstance instance;

  /** Read into by Hazelcast. */
  public Notice() {}

  /** All of it. */
  Notice(String node, long version, @Nullable NodeInfo info, Map<String, List<Long>> served) {
    this.node = node;
    this.version = version;
    this.whole = true;
    this.info = info;
    this.served = Map.copyOf(served);
  }

  /** Only asks whether this version is known. */
  Notice question() {
    var question = new Notice(node, version, info, Map.of());
    question.whole = false;
    return question;
  }

  String node() {
    return node;
  }

  long version() {
    return version;
  }

  Optional<NodeInfo> info() {
    return Optional.ofNullable(info);
  }

  Map<String, List<Long>> served() {
    return served;
  }

  /** At the one who is told; true if all of it is known there now. */
  @Override
  public Boolean call() {
    if (instance == null) {
      return false;
    }
    var registrations = Registrations.of(instance);
    if (whole) {
      registrations.take(this);
    }
    return whole || registrations.knows(node, version);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance where) {
    instance = where;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(node);
    out.writeLong(version);
    out.writeBoolean(whole);
    out.writeString(info == null ? null : info.host());
    out.writeInt(info == null ? 0 : info.port());
    out.writeInt(served.size());
    for (var entry : served.entrySet()) {
      out.writeString(entry.getKey());
      out.writeInt(entry.getValue().size());
      for (long seq : entry.getValue()) {
        out.writeLong(seq);
      }
    }
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    node = text(in);
    version = in.readLong();
    whole = in.readBoolean();
    var host = in.readString();
    int port = in.readInt();
    info = host == null ? null : new NodeInfo(host, port, null);
    int count = count(in);
    var read = new HashMap<String, List<Long>>();
    for (int i = 0; i < count; i++) {
      var address = text(in);
      int times = count(in);
      var seqs = new ArrayList<Long>();
      for (int j = 0; j < times; j++) {
        seqs.add(in.readLong());
      }
      read.put(address, List.copyOf(seqs));
    }
    served = Map.copyOf(read);
  }

  private static String text(ObjectDataInput in) throws IOException {
    var text = in.readString();
    if (text == null) {
      throw new IOException("a notice without a name");
    }
    return text;
  }

  private static int count(ObjectDataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MAX_ENTRIES) {
      throw new IOException("a notice of " + count + " entries");
    }
    return count;
  }
}

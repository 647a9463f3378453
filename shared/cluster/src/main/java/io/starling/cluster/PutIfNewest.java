package io.starling.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import io.starling.bootstrap.cluster.SessionEntry;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a session's entry where it stands, unless one of a higher epoch is there; answers with what
 * was there before. Run by Hazelcast at the owner of the entry and at each copy.
 */
public final class PutIfNewest
    implements EntryProcessor<String, String, @Nullable String>, DataSerializable {
  private static final long serialVersionUID = 1;

  private String text = "";

  /** Read into by Hazelcast. */
  public PutIfNewest() {}

  PutIfNewest(SessionEntry entry) {
    this.text = entry.write();
  }

  @Override
  public @Nullable String process(Map.Entry<String, String> entry) {
    @Nullable String before = entry.getValue();
    if (before == null || SessionEntry.read(before).yieldsTo(SessionEntry.read(text))) {
      var _ = entry.setValue(text);
    }
    return before;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(text);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    var read = in.readString();
    if (read == null) {
      throw new IOException("no entry");
    }
    text = read;
  }
}

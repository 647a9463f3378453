package io.starling.relay.session;

import io.starling.contract.SessionsRequest.Will;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A will whose connection is over.
 *
 * @param key the session's
 * @param epoch of that connection
 * @param dueAtMillis when it is to be published, by the clock of the leader of the time when the
 *     connection ended; 0 for at once
 */
record DueWill(String key, long epoch, long dueAtMillis, Will will) {
  boolean isDue(long nowMillis) {
    return dueAtMillis <= nowMillis;
  }

  DueWill now() {
    return new DueWill(key, epoch, 0, will);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeUTF(key);
    out.writeLong(epoch);
    out.writeLong(dueAtMillis);
    Values.write(out, will);
  }

  static DueWill readFrom(DataInput in) throws IOException {
    return new DueWill(in.readUTF(), in.readLong(), in.readLong(), Values.will(in));
  }
}

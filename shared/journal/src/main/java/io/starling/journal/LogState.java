package io.starling.journal;

import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a log adds up to, kept by every replica. All methods are called on one thread of the log's
 * state machine, never concurrently; they must not block and must depend on nothing but their
 * arguments and earlier calls, so that all replicas agree. Each record is applied once per life of
 * the state: what a snapshot contains is not applied again after a restart. An exception stops the
 * journal.
 */
public interface LogState {
  /** For logs that are only read. */
  LogState NONE =
      new LogState() {
        @Override
        public void apply(Position position, Buffer payload) {}

        @Override
        public void writeTo(DataOutput out) {}

        @Override
        public void readFrom(DataInput in) {}
      };

  /** Adds one committed record. The payload is shared: never write to it. */
  void apply(Position position, Buffer payload);

  /** Writes the whole state. */
  void writeTo(DataOutput out) throws IOException;

  /**
   * Replaces the whole state by what {@link #writeTo} wrote; may happen at any time on a follower.
   */
  void readFrom(DataInput in) throws IOException;
}

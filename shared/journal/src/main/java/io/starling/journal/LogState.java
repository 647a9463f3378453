package io.starling.journal;

import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a log adds up to, kept by every replica. All methods are called on one thread of the log's
 * state machine, never concurrently; they must not block and must depend on nothing but their
 * arguments and earlier calls, so that all replicas agree. A {@link Copy} is written elsewhere.
 * Each record is applied once per life of the state: what a snapshot contains is not applied again
 * after a restart. An exception stops the journal.
 */
public interface LogState {
  /** For logs that are only read. */
  LogState NONE =
      new LogState() {
        @Override
        public void apply(Position position, Buffer payload) {}

        @Override
        public Copy copy() {
          return _ -> {};
        }

        @Override
        public void readFrom(DataInput in) {}
      };

  /** Adds one committed record. The payload is shared: never write to it. */
  void apply(Position position, Buffer payload);

  /**
   * The whole state as it is now. Nothing is applied meanwhile: what is copied are references to
   * what never changes, not bytes.
   */
  Copy copy();

  /** A state at one moment. */
  interface Copy {
    /** Writes it, on another thread, while the log goes on. */
    void writeTo(DataOutput out) throws IOException;
  }

  /** Replaces the whole state by what a copy wrote; may happen at any time on a follower. */
  void readFrom(DataInput in) throws IOException;
}

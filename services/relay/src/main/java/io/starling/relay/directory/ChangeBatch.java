package io.starling.relay.directory;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starling.contract.Change;
import io.starling.contract.FeedPosition;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Changes as they stand in the directory log: JSON, so that a version that knows more fields can be
 * read by one that knows fewer.
 *
 * @param from where the feed stood before
 * @param to where it stands with them
 */
record ChangeBatch(FeedPosition from, FeedPosition to, List<Change> changes) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  Buffer encode() {
    try {
      return Buffer.buffer(JSON.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChangeBatch decode(Buffer bytes) {
    try {
      return JSON.readValue(bytes.getBytes(), ChangeBatch.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

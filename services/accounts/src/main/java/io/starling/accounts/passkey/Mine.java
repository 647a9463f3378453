package io.starling.accounts.passkey;

import io.starling.contract.PasskeysRequest;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * What a person has.
 *
 * @param email empty if there is no such person any more
 */
record Mine(String email, List<Buffer> credentials) {
  boolean isFull() {
    return credentials.size() >= PasskeysRequest.MOST;
  }
}

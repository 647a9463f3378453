package io.starling.connection.command;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of requests to devices, which nobody can guess. Thread-safe. */
public final class RequestIds {
  private static final int BYTES = 8;

  private final SecureRandom random = new SecureRandom();

  String next() {
    byte[] id = new byte[BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}

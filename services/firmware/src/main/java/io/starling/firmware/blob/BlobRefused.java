package io.starling.firmware.blob;

/** Why bytes are not taken; that will not change by asking again. */
public final class BlobRefused extends RuntimeException {
  BlobRefused(String message) {
    super(message, null, false, false);
  }
}

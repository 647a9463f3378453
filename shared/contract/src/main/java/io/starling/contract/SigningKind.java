package io.starling.contract;

import java.util.Arrays;
import java.util.Optional;

/** How a webhook is signed (Standard Webhooks, "Signature scheme"). */
public enum SigningKind {
  /** HMAC-SHA256 with a secret that both sides know. */
  V1("v1"),
  /** Ed25519: who checks it needs the public key only. */
  V1A("v1a");

  private final String text;

  SigningKind(String text) {
    this.text = text;
  }

  /** As it stands before a signature. */
  public String text() {
    return text;
  }

  /** The one of that name. */
  public static Optional<SigningKind> named(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
  }
}

package io.starling.testing.client;

/** What a device proves itself with: its id as the user name, its secret as the password. */
public record Credentials(String id, String secret) {

  /** Leaves the secret out: this ends in logs. */
  @Override
  public String toString() {
    return "Credentials[" + id + "]";
  }
}

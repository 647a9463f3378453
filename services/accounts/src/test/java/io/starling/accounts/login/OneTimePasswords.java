package io.starling.accounts.login;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;

/** An authenticator of a test. */
public final class OneTimePasswords {
  private final byte[] secret;
  private long step;

  /** With a secret as people type it. */
  public OneTimePasswords(String base32) {
    var number = BigInteger.ZERO;
    for (int i = 0; i < base32.length(); i++) {
      char each = base32.charAt(i);
      int value = each >= 'A' ? each - 'A' : each - '2' + 26;
      number = number.shiftLeft(5).or(BigInteger.valueOf(value));
    }
    // Twenty bytes are 32 letters, so that no bits are left over.
    byte[] bytes = number.toByteArray();
    byte[] all = new byte[20];
    int from = Math.max(0, bytes.length - 20);
    byte[] tail = Arrays.copyOfRange(bytes, from, bytes.length);
    System.arraycopy(tail, 0, all, 20 - tail.length, tail.length);
    secret = all;
    step = Instant.now().getEpochSecond() / 30;
  }

  /** What they are made of. */
  public byte[] secret() {
    return secret.clone();
  }

  /** One that was not told before; the first two are good now. */
  public String next() {
    return Totp.password(secret, step++);
  }

  /** One of long ago. */
  public String old() {
    return Totp.password(secret, step - 100);
  }
}

package io.starling.webhooks.request;

import java.io.Writer;

/** Collects text up to a limit: a section over a long list must not fill the memory. */
final class BoundedWriter extends Writer {
  private final StringBuilder text = new StringBuilder();
  private final int maxChars;

  BoundedWriter(int maxChars) {
    this.maxChars = maxChars;
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    check(length);
    text.append(chars, offset, length);
  }

  @Override
  public void write(String string, int offset, int length) {
    check(length);
    text.append(string, offset, offset + length);
  }

  private void check(int more) {
    if (text.length() + more > maxChars) {
      throw new IllegalArgumentException("template: renders more than " + maxChars + " characters");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public String toString() {
    return text.toString();
  }
}

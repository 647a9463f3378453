package io.starling.webhooks.redelivery;

import io.starling.contract.DeliveriesRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in the list of what is owed: before those that were published earlier, and at the same
 * time before lower ids.
 */
record OwedPlace(long publishedAtMillis, String webhookId) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})_([0-9a-f-]{1,100})");

  /** Where a page begins; empty if its place is none. */
  static Optional<OwedPlace> after(DeliveriesRequest.Page request) {
    String after = request.after();
    if (after == null) {
      return Optional.of(new OwedPlace(request.filter().endMillis(), ""));
    }
    var match = FORM.matcher(after);
    return match.matches()
        ? Optional.of(new OwedPlace(Long.parseLong(match.group(1)), match.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return publishedAtMillis + "_" + webhookId;
  }
}

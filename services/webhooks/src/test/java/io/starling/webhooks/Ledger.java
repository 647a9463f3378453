package io.starling.webhooks;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Who is owed what, and whether it was brought: watches that no cursor ever passes an event whose
 * delivery has not ended. Thread-safe.
 */
final class Ledger implements FakeRelay.CursorWatch {
  private final Map<IntegrationId, Account> accounts = new HashMap<>();
  private final List<String> mistakes = new ArrayList<>();
  private Supplier<Set<String>> parked = Set::of;

  private static final class Account {
    final NavigableMap<JournalPosition, Set<String>> owed = new TreeMap<>();
    final Set<String> ended = new HashSet<>();
    final Map<String, NavigableSet<Long>> openOfDevice = new HashMap<>();
    String life = "";
    JournalPosition coveredTo = JournalPosition.START;

    NavigableSet<Long> open(String device) {
      return openOfDevice.computeIfAbsent(device, _ -> new TreeSet<>());
    }
  }

  /** What stands in the database counts as brought for the cursors, not for {@link #open}. */
  synchronized void parkedIn(Supplier<Set<String>> ids) {
    parked = ids;
  }

  /** These events, about to be appended at a position, are owed to an integration. */
  synchronized void owe(IntegrationId integration, JournalPosition position, List<Event> events) {
    var account = accounts.computeIfAbsent(integration, _ -> new Account());
    for (var event : events) {
      account.open(event.id().origin().toString()).add(event.id().sequence());
      account
          .owed
          .computeIfAbsent(position, _ -> new HashSet<>())
          .add(event.id() + "-" + integration);
    }
  }

  /** The delivery with this webhook-id has ended. */
  synchronized void end(IntegrationId integration, String webhookId) {
    var account = accounts.computeIfAbsent(integration, _ -> new Account());
    account.ended.add(webhookId);
    account.open(device(webhookId)).remove(sequence(webhookId));
  }

  /** A request with these deliveries came: those before them of their devices must have ended. */
  synchronized void comes(IntegrationId integration, List<String> webhookIds) {
    var account = accounts.computeIfAbsent(integration, _ -> new Account());
    for (String id : webhookIds) {
      for (long before : account.open(device(id)).headSet(sequence(id), false)) {
        boolean with =
            webhookIds.stream()
                .anyMatch(one -> device(one).equals(device(id)) && sequence(one) == before);
        if (!with) {
          mistakes.add(id + " came before " + before + " had ended");
        }
      }
    }
  }

  private static String device(String webhookId) {
    return webhookId.substring(0, webhookId.indexOf('-'));
  }

  private static long sequence(String webhookId) {
    return Long.parseLong(webhookId.split("-", -1)[2], 16);
  }

  /** Webhook ids that are owed and have not ended. */
  synchronized Set<String> open(IntegrationId integration) {
    var account = accounts.computeIfAbsent(integration, _ -> new Account());
    var open = new HashSet<String>();
    account.owed.values().forEach(open::addAll);
    open.removeAll(account.ended);
    return open;
  }

  /** All webhook ids that were ever owed. */
  synchronized Set<String> all(IntegrationId integration) {
    var all = new HashSet<String>();
    accounts.computeIfAbsent(integration, _ -> new Account()).owed.values().forEach(all::addAll);
    return all;
  }

  synchronized List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  @Override
  public synchronized void changed(String life, Map<String, JournalPosition> cursors) {
    var main = cursors.getOrDefault("webhooks", JournalPosition.START);
    accounts.forEach(
        (integration, account) -> {
          var covered = cursors.getOrDefault("webhooks/" + integration, main);
          boolean back = covered.compareTo(account.coveredTo) < 0;
          // A life that begins while another goes on may start from what that had a moment ago.
          if (back && life.equals(account.life)) {
            mistakes.add("the cover of " + integration + " went back to " + covered);
          }
          var from = back ? JournalPosition.START : account.coveredTo;
          for (var record : account.owed.subMap(from, true, covered, false).entrySet()) {
            if (!isSafe(account, record.getValue())) {
              mistakes.add("passed " + record.getKey() + " of " + integration + ": " + cursors);
            }
          }
          account.life = life;
          account.coveredTo = covered;
        });
  }

  /** A row goes away only after its delivery has ended: so that is looked at last. */
  private boolean isSafe(Account account, Set<String> ids) {
    if (account.ended.containsAll(ids)) {
      return true;
    }
    var rows = parked.get();
    return ids.stream().allMatch(id -> rows.contains(id) || account.ended.contains(id));
  }
}

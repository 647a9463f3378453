package io.starling.webhooks.note;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.postgres.Term;
import io.starling.webhooks.note.NoteName.Kind;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of the database, for one shard: which integrations may have rows there,
 * and in a database of which term. A note is in the journal before the first row is written. So
 * whoever follows the shard next knows, without the database, whose newer events have to wait
 * behind rows; and when the database comes back as an older one, with a higher term, whose rows may
 * be missing in it. One life of a follower; belongs to one event loop.
 */
public final class Notes {
  /** A note's position is about so old at most when rows are written under it. */
  private static final long REFRESH_MILLIS = 60_000;

  /** Changes in one round: the relay takes about a thousand at once. */
  private static final int MOST_AT_ONCE = 100;

  private final Book book;
  private final InstantSource clock;
  private final Map<IntegrationId, Note> notes = new HashMap<>();

  /** Of the database, as it said last; null before that. */
  private @Nullable Term term;

  /** Where notes are kept. */
  public interface Book {
    /** The notes of the shard, those whose names start so. */
    Future<RelayReply.Cursors> list(String prefix);

    /** Puts a note where it is not, or moves it forward. */
    Future<?> set(String name, JournalPosition position);

    /** Removes a note. */
    Future<?> remove(String name);

    /** Up to where the shard was read. */
    JournalPosition front();
  }

  /** Of one integration. */
  private static final class Note {
    /** What stands in the journal. */
    final Map<NoteName, JournalPosition> standing = new HashMap<>();

    /** Whether rows may wait. */
    boolean parked;

    /** How often rows were written, and how many such writes are under way. */
    int writes;

    int underWay;
    long refreshedAtMillis;
    @Nullable Kind refreshed;

    Optional<Term> oldest() {
      return standing.keySet().stream().map(NoteName::term).min(Term::compareTo);
    }

    boolean stands(Kind kind) {
      return standing.keySet().stream().anyMatch(name -> name.kind() == kind);
    }
  }

  private Notes(Book book, InstantSource clock) {
    this.book = book;
    this.clock = clock;
  }

  /** The notes as they stand. */
  public static Future<Notes> read(Book book, InstantSource clock) {
    var notes = new Notes(book, clock);
    return book.list(NoteName.PREFIX)
        .map(
            held -> {
              notes.take(held);
              notes.notes.values().forEach(note -> note.parked = note.stands(Kind.PARKED));
              return notes;
            });
  }

  /** Tells whether rows of an integration may wait in the database. */
  public boolean isParked(IntegrationId integration) {
    var note = notes.get(integration);
    return note != null && note.parked;
  }

  /** The database's term, once it was asked. */
  public Optional<Term> term() {
    return Optional.ofNullable(term);
  }

  /**
   * Tells whether rows may be missing, because the database is not the one they were written to.
   */
  public boolean isStale(IntegrationId integration) {
    var note = notes.get(integration);
    return note != null && isStale(note);
  }

  private boolean isStale(Note note) {
    var now = term;
    return now != null && note.oldest().filter(oldest -> oldest.isBefore(now)).isPresent();
  }

  /** Those of which rows may be missing. */
  public List<IntegrationId> stale() {
    return notes.entrySet().stream()
        .filter(entry -> isStale(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Writes rows of an integration, once that is noted. */
  public <T> Future<T> writing(
      IntegrationId integration, boolean parked, Supplier<Future<T>> write) {
    var known = term;
    if (known == null) {
      return Future.failedFuture("the database was not asked for its term yet");
    }
    var note = notes.computeIfAbsent(integration, _ -> new Note());
    note.parked |= parked;
    note.writes++;
    note.underWay++;
    // While rows may be missing the older term is what tells of it.
    var name =
        new NoteName(parked ? Kind.PARKED : Kind.PAST, note.oldest().orElse(known), integration);
    return put(note, name).compose(_ -> write.get()).onComplete(_ -> note.underWay--);
  }

  /** Waits only where there is none: how old its position is matters in hours, not in seconds. */
  private Future<Void> put(Note note, NoteName name) {
    long now = clock.millis();
    boolean stands = note.standing.containsKey(name);
    boolean fresh = note.refreshed == name.kind() && now - note.refreshedAtMillis < REFRESH_MILLIS;
    if (stands && fresh) {
      return Future.succeededFuture();
    }
    note.refreshed = name.kind();
    note.refreshedAtMillis = now;
    var set = set(note, name);
    return stands ? Future.succeededFuture() : set;
  }

  private Future<Void> set(Note note, NoteName name) {
    var front = book.front();
    return book.set(name.toString(), front)
        .onSuccess(_ -> note.standing.put(name, front))
        .mapEmpty();
  }

  /** Counts as gone at once: who writes meanwhile sets it again behind that. */
  private Future<Void> remove(Note note, NoteName name) {
    note.standing.remove(name);
    return book.remove(name.toString()).mapEmpty();
  }

  /** What is written at the time, to be told from what is written later. */
  public record Moment(Map<IntegrationId, Integer> writes) {}

  /** To be taken before the database is asked who has rows. */
  public Moment moment() {
    var writes = new HashMap<IntegrationId, Integer>();
    notes.forEach(
        (id, note) -> {
          if (note.underWay == 0) {
            writes.put(id, note.writes);
          }
        });
    return new Moment(writes);
  }

  /**
   * What the database says.
   *
   * @param moment before it was asked
   * @param found who has rows that wait
   */
  public void looked(Moment moment, Term now, Collection<IntegrationId> found) {
    term = now;
    for (var entry : notes.entrySet()) {
      var note = entry.getValue();
      boolean quiet =
          Integer.valueOf(note.writes).equals(moment.writes.get(entry.getKey()))
              && note.underWay == 0;
      if (quiet && !isStale(note) && !found.contains(entry.getKey())) {
        note.parked = false;
      }
    }
  }

  /** What was missing of an integration is in the database of this term again. */
  public Future<Void> replayed(IntegrationId integration, Term since) {
    var note = notes.get(integration);
    if (note == null || !since.equals(term)) {
      return Future.succeededFuture();
    }
    var kind = note.parked ? Kind.PARKED : Kind.PAST;
    return set(note, new NoteName(kind, since, integration))
        .compose(
            _ ->
                all(
                    note.standing.keySet().stream()
                        .filter(name -> name.term().isBefore(since))
                        .toList(),
                    name -> remove(note, name)));
  }

  /** Compares what is known with the journal, and tidies up there. To be called now and then. */
  public Future<Void> tidy() {
    return book.list(NoteName.PREFIX)
        .compose(
            held -> {
              take(held);
              var changes = new ArrayList<Supplier<Future<Void>>>();
              notes.forEach((id, note) -> tidy(id, note, held.start(), changes));
              notes.values().removeIf(Notes::isOver);
              return all(changes.stream().limit(MOST_AT_ONCE).toList(), Supplier::get);
            });
  }

  private static boolean isOver(Note note) {
    return note.standing.isEmpty() && note.underWay == 0 && !note.parked;
  }

  private void take(RelayReply.Cursors held) {
    notes.values().forEach(note -> note.standing.clear());
    held.cursors()
        .forEach(
            (text, position) ->
                NoteName.read(text)
                    .ifPresent(
                        name ->
                            notes
                                .computeIfAbsent(name.integration(), _ -> new Note())
                                .standing
                                .put(name, position)));
  }

  private void tidy(
      IntegrationId id, Note note, JournalPosition start, List<Supplier<Future<Void>>> changes) {
    if (isStale(note) || note.underWay > 0 || term == null) {
      return;
    }
    var now = term;
    if (note.parked && !note.stands(Kind.PARKED)) {
      // A leader that crashed within the second may have lost it.
      changes.add(() -> set(note, new NoteName(Kind.PARKED, now, id)));
    }
    for (var standing : Map.copyOf(note.standing).entrySet()) {
      var name = standing.getKey();
      if (name.kind() == Kind.PARKED && !note.parked) {
        changes.add(() -> set(note, new NoteName(Kind.PAST, now, id)));
        changes.add(() -> note.parked ? Future.succeededFuture() : remove(note, name));
      } else if (name.kind() == Kind.PAST && standing.getValue().compareTo(start) < 0) {
        // The journal has nothing any more of that time.
        changes.add(() -> remove(note, name));
      }
    }
  }

  private static <T> Future<Void> all(List<T> those, Function<T, Future<Void>> each) {
    Future<Void> done = Future.succeededFuture();
    for (var one : those) {
      done = done.compose(_ -> each.apply(one));
    }
    return done;
  }
}

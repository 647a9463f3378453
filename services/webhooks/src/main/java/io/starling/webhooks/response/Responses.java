package io.starling.webhooks.response;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.contract.Shards;
import io.starling.contract.TopicFilter;
import io.starling.directory.Directory;
import io.starling.webhooks.response.ResponseTemplate.Draft;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of deliveries by events. Never fails, never waits long. Belongs to one event loop. */
public final class Responses {
  private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

  private final EventAppender appender;
  private final Directory directory;
  private final int shards;
  private final InstantSource clock;
  private final Counter told;
  private final Counter dropped;

  // Since it was told last.
  private long untold;

  /** Responses that go by an appender of the same context. */
  public Responses(
      EventAppender appender,
      Directory directory,
      int shards,
      InstantSource clock,
      MeterRegistry registry) {
    this.appender = appender;
    this.directory = directory;
    this.shards = shards;
    this.clock = clock;
    this.told = counter(registry, "committed");
    this.dropped = counter(registry, "dropped");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("starling.webhooks.responses")
        .description("Events that tell of deliveries, by outcome")
        .tag("outcome", outcome)
        .register(registry);
  }

  /**
   * Tells that a delivery was taken.
   *
   * @param answer null if it could not be kept
   * @return completes when that is committed, or dropped; never fails
   */
  public Future<Void> taken(
      ResponseTemplate template, Event event, String webhookId, @Nullable Answer answer) {
    if (answer == null) {
      drop(1);
    }
    return append(event, webhookId, template.taken(event, answer));
  }

  /** Tells that a delivery failed; completes as {@link #taken} does. */
  public Future<Void> failed(
      ResponseTemplate template, Event event, String webhookId, String cause) {
    return append(event, webhookId, List.of(template.failed(event, cause)));
  }

  private Future<Void> append(Event cause, String webhookId, List<Draft> drafts) {
    var source = cause.id().origin();
    int shard =
        cause.origin() == Origin.DEVICE
            ? Shards.of(source, shards)
            : Shards.of(cause.account(), shards);
    var first = id(webhookId);
    var appended = new ArrayList<Future<?>>();
    for (var draft : drafts) {
      if (!mayBeName(draft.name())) {
        drop(1);
        continue;
      }
      var event = event(cause, first, draft);
      appended.add(
          appender.append(shard, event).onSuccess(outcome -> count(outcome, event.eventClass())));
    }
    return appended.isEmpty()
        ? Future.succeededFuture()
        : Future.join(appended).<Void>mapEmpty().otherwiseEmpty();
  }

  private Event event(Event cause, EventId first, Draft draft) {
    var eventClass =
        directory
            .product(cause.product())
            .map(product -> product.classOf(draft.name()))
            .orElse(EventClass.NORMAL);
    return new Event(
        new EventId(first.origin(), first.epoch(), draft.number()),
        Origin.CLOUD,
        cause.account(),
        cause.product(),
        draft.name(),
        draft.data(),
        eventClass,
        clock.millis());
  }

  private void count(Outcome outcome, EventClass eventClass) {
    if (outcome instanceof Outcome.Committed committed && committed.holds(eventClass)) {
      told.increment();
    } else {
      drop(1);
    }
  }

  private void drop(int events) {
    dropped.increment(events);
    untold += events;
  }

  /** Logs how many were dropped. To be called now and then. */
  public void tellDropped() {
    if (untold > 0) {
      LOG.warn("{} events that tell of deliveries were dropped", untold);
      untold = 0;
    }
  }

  /** What the ids of all that is told of a delivery begin with: the same at each try. */
  static EventId id(String webhookId) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = ByteBuffer.wrap(digest.digest(webhookId.getBytes(StandardCharsets.UTF_8)));
      return new EventId(new DeviceId(hash.getLong(), hash.getInt()), hash.getLong() >>> 1, 0);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What templates make of the data of events must not pass for what the cloud says. */
  private static boolean mayBeName(String name) {
    return TopicFilter.isTopicName(name)
        && name.getBytes(StandardCharsets.UTF_8).length <= Event.MAX_NAME_BYTES
        && !name.startsWith("$")
        && !name.startsWith("spark")
        && !name.startsWith("particle")
        && name.chars().noneMatch(c -> c < ' ' || c == 0x7f)
        && StandardCharsets.UTF_8.newEncoder().canEncode(name);
  }
}

package io.starling.accounts.move;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.Actor;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets what belongs to moved products follow them. Several loops at once, or one that died in the
 * middle, do no harm. Belongs to one event loop.
 */
public final class MoveLoop {
  private static final Logger LOG = LoggerFactory.getLogger(MoveLoop.class);
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final long LOOK_MILLIS = 2_000;

  private final Vertx vertx;
  private final Bus bus;
  private final Actor actor;
  private final ConfigurationWriter writer;
  private final MoveStore store = new MoveStore();
  private boolean started;
  private boolean turning;
  private boolean stopped;

  /** A loop that writes through this writer. */
  public MoveLoop(Vertx vertx, Bus bus, ConfigurationWriter writer) {
    this.vertx = vertx;
    this.bus = bus;
    this.actor = Actor.service("moves");
    this.writer = writer.by(actor, "");
  }

  /** Starts looking. */
  public void start() {
    started = true;
    vertx.setPeriodic(LOOK_MILLIS, _ -> wake());
  }

  /** Stops after the turn at hand. */
  public void stop() {
    stopped = true;
  }

  /** Looks now. */
  void wake() {
    if (!started || turning || stopped) {
      return;
    }
    turning = true;
    var _ =
        turns()
            .onComplete(_ -> turning = false)
            .onFailure(cause -> LOG.warn("Moves of products wait: {}", cause.getMessage()));
  }

  private Future<Void> turns() {
    return turn().compose(worked -> worked && !stopped ? turns() : Future.<Void>succeededFuture());
  }

  /** What a turn found to do. */
  private record Turn(Optional<MoveStore.Pending> move, int moved) {}

  /** Lets some devices, or the integrations, of a product follow; tells whether any did. */
  private Future<Boolean> turn() {
    return writer
        .write(
            connection ->
                store
                    .take(connection)
                    .compose(
                        found ->
                            found
                                .map(
                                    move ->
                                        store
                                            .giveDevices(
                                                connection,
                                                move.product(),
                                                move.former(),
                                                move.owner())
                                            .map(moved -> new Turn(found, moved)))
                                .orElseGet(() -> Future.succeededFuture(new Turn(found, 0)))))
        .compose(
            written -> {
              var turn = written.value();
              if (turn.move().isEmpty()) {
                return Future.succeededFuture(false);
              }
              var move = turn.move().get();
              return (move.integrated() ? Future.<Void>succeededFuture() : integrate(move))
                  .compose(_ -> end(move))
                  .map(ended -> ended || turn.moved() > 0);
            });
  }

  /** Safe to do twice. */
  private Future<Void> integrate(MoveStore.Pending move) {
    var request = new WebhooksRequest.MoveIntegrations(move.former(), move.product(), move.owner());
    return bus.ask(request, actor, DEADLINE)
        .compose(
            reply ->
                switch (reply) {
                  case WebhooksReply.Moved _ ->
                      writer.write(connection -> store.integrated(connection, move)).mapEmpty();
                  case WebhooksReply.DatabaseDown _ ->
                      Future.failedFuture("integrations cannot be moved: no database");
                });
  }

  /** Tells whether nothing is left that has to follow. */
  private Future<Boolean> end(MoveStore.Pending move) {
    return writer
        .write(
            connection ->
                store
                    .remain(connection, move.product(), move.former())
                    .compose(
                        remain ->
                            remain
                                ? Future.succeededFuture(false)
                                : store.end(connection, move).map(true)))
        .map(ConfigurationWriter.Written::value);
  }
}

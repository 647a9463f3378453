package io.starling.accounts.mail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.accounts.seal.Seal;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries mail to the SMTP server. Mail waits in the database, so that any node sends what another
 * one took, at least once: by one node at a time, and again if it died before it took note. Belongs
 * to one event loop.
 */
public final class SmtpLoop implements Post {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpLoop.class);
  private static final int AT_ONCE = 4;
  private static final long IDLE_MILLIS = 1_000;

  /** Longer than an attempt takes, with looking up the server's name. */
  static final Duration LEASE = Duration.ofMinutes(3);

  private static final Duration FIRST_DELAY = Duration.ofSeconds(5);
  private static final Duration MAX_DELAY = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final PrimaryPool database;
  private final MailStore store;
  private final SmtpClient client;
  private final String from;
  private final InstantSource clock;
  private final Counter sent;
  private final Counter failed;
  private final Counter givenUp;
  private final WorkerExecutor workers;
  private long timer;
  private boolean started;
  private boolean turning;
  private boolean stopped;

  /** A loop of one node. */
  public SmtpLoop(
      Vertx vertx,
      PrimaryPool database,
      Seal seal,
      SmtpConfig smtp,
      String from,
      MeterRegistry meters,
      InstantSource clock) {
    this.vertx = vertx;
    this.database = database;
    this.store = new MailStore(seal);
    this.client = new SmtpClient(smtp, from);
    this.from = from;
    this.clock = clock;
    this.workers = vertx.createSharedWorkerExecutor("mail", AT_ONCE);
    this.sent = counter(meters, "sent", "Mails that the SMTP server took");
    this.failed = counter(meters, "failed", "Attempts to send a mail that will be made again");
    this.givenUp = counter(meters, "given.up", "Mails that nobody will get");
  }

  private static Counter counter(MeterRegistry meters, String name, String description) {
    return Counter.builder("starling.mails." + name).description(description).register(meters);
  }

  @Override
  public Future<Void> send(Mail mail) {
    return database
        .withPromptTransaction(connection -> store.insert(connection, mail))
        .compose(
            added ->
                added
                    ? Future.<Void>succeededFuture()
                    : Future.failedFuture("too many mails wait for the SMTP server"))
        .onSuccess(_ -> wake());
  }

  @Override
  public void start() {
    started = true;
    schedule(1);
  }

  @Override
  public void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    client.stop();
  }

  private void wake() {
    if (started && !turning && !stopped) {
      vertx.cancelTimer(timer);
      schedule(1);
    }
  }

  private void schedule(long afterMillis) {
    if (!stopped) {
      timer = vertx.setTimer(afterMillis, _ -> run());
    }
  }

  private void run() {
    turning = true;
    turn()
        .onComplete(_ -> turning = false)
        .onSuccess(worked -> schedule(worked ? 1 : IDLE_MILLIS))
        .onFailure(
            cause -> {
              LOG.debug("Mail waits for now: {}", cause.getMessage());
              schedule(IDLE_MILLIS);
            });
  }

  /** Tries some that are due; tells whether the server took one or refused one for good. */
  private Future<Boolean> turn() {
    return database
        .withTransaction(connection -> store.claim(connection, AT_ONCE, LEASE))
        .compose(claimed -> Future.join(claimed.stream().map(this::carry).toList()))
        .map(all -> all.<Boolean>list().contains(true));
  }

  private Future<Boolean> carry(MailStore.Claimed claimed) {
    Optional<Mail> mail = claimed.mail();
    if (!claimed.good() || mail.isEmpty()) {
      String why = mail.isEmpty() ? "the key that sealed it is missing" : "it took too long";
      return giveUp(claimed, why);
    }
    String message = Message.of(mail.get(), from, claimed.id().toString(), clock.instant());
    return workers
        .executeBlocking(() -> client.send(mail.get().to(), message), false)
        .compose(
            attempt ->
                switch (attempt) {
                  case Attempt.Sent() -> {
                    sent.increment();
                    yield delete(claimed);
                  }
                  case Attempt.Refused(var why) -> giveUp(claimed, why);
                  case Attempt.Unavailable(var why) -> delay(claimed, why);
                });
  }

  private Future<Boolean> giveUp(MailStore.Claimed claimed, String why) {
    LOG.warn("Mail {} is given up: {}", claimed.id(), why);
    givenUp.increment();
    return delete(claimed);
  }

  private Future<Boolean> delete(MailStore.Claimed claimed) {
    return database.withConnection(connection -> store.delete(connection, claimed.id())).map(true);
  }

  private Future<Boolean> delay(MailStore.Claimed claimed, String why) {
    LOG.warn("Mail {} waits, tried {} times: {}", claimed.id(), claimed.attempts(), why);
    failed.increment();
    var delay = delayAfter(claimed.attempts());
    return database
        .withConnection(connection -> store.delay(connection, claimed.id(), delay))
        .map(false);
  }

  private static Duration delayAfter(int attempts) {
    var delay = FIRST_DELAY.multipliedBy(1L << Math.min(attempts - 1, 10));
    return delay.compareTo(MAX_DELAY) < 0 ? delay : MAX_DELAY;
  }
}

package io.starling.connection.ledger;

import io.starling.connection.mqtt.Message;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.LedgersRequest;
import io.starling.directory.Entry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ledgers of one connected device. Belongs to one event loop. */
public final class DeviceLedgers {
  private static final int MOST = 100;
  private static final int MAX_QUESTION_BYTES = 256;
  private static final String VERSION = "version";

  /** No instance has it. */
  private static final long UNKNOWN = -1;

  private final Ledgers ledgers;
  private final AccountId account;
  private final DeviceId device;
  private final Predicate<Message> sender;

  // for this connection
  private final Map<String, Followed> followed = new HashMap<>(4);

  /**
   * A device that has asked for nothing yet.
   *
   * @param account in whose topic space it is
   * @param sender sends to the device, or says no
   */
  public DeviceLedgers(
      Ledgers ledgers, AccountId account, DeviceId device, Predicate<Message> sender) {
    this.ledgers = ledgers;
    this.account = account;
    this.device = device;
    this.sender = sender;
  }

  /** What became of something that the device published. */
  public enum Taken {
    /** It was answered, or means nothing. */
    ANSWERED,
    /** It is a report that is to be kept: {@link #eventName} is its name. */
    REPORT,
    /** It is a report of what nobody wants. */
    UNWANTED_REPORT,
    /** It is a report that is no JSON object of a size that is kept. */
    BAD_REPORT
  }

  /** An instance that the device is told. */
  private static final class Followed {
    private final Entry.Ledger ledger;
    private final String scopeValue;
    private long version;

    Followed(Entry.Ledger ledger, String scopeValue) {
      this.ledger = ledger;
      this.scopeValue = scopeValue;
    }

    String key() {
      return Entry.LedgerInstance.key(ledger.id(), scopeValue);
    }
  }

  /** The name of the event that a report is. */
  public static String eventName(String rest) {
    return LedgersRequest.EVENT_PREFIX + LedgerTopic.of(rest).map(LedgerTopic::name).orElseThrow();
  }

  /** Takes what the device published to {@code $cloud/ledger/<rest>}. */
  public Taken received(String rest, Buffer payload) {
    var topic = LedgerTopic.of(rest);
    if (topic.isEmpty()) {
      return Taken.ANSWERED;
    }
    return switch (topic.get().action()) {
      case LedgerTopic.GET -> {
        get(topic.get().name(), payload);
        yield Taken.ANSWERED;
      }
      case LedgerTopic.REPORT -> report(topic.get().name(), payload);
      default -> Taken.ANSWERED;
    };
  }

  private void get(String name, Buffer payload) {
    var ledger = ledgers.find(account, name).filter(found -> !found.upstream());
    if (ledger.isEmpty()) {
      refuse(name, "unknown");
      return;
    }
    if (followed.size() >= MOST && !followed.containsKey(name)) {
      refuse(name, "too_many");
      return;
    }
    var now = new Followed(ledger.get(), ledgers.scopeValue(ledger.get(), device));
    var before = followed.put(name, now);
    if (before != null) {
      ledgers.remove(before.key(), this);
    }
    ledgers.add(now.key(), this);
    now.version = version(payload);
    if (now.version == version(now)) {
      send(now, new JsonObject().put(VERSION, now.version));
    } else {
      tell(now);
    }
  }

  /** The version that a device says it has. */
  private static long version(Buffer payload) {
    if (payload.length() == 0 || payload.length() > MAX_QUESTION_BYTES) {
      return UNKNOWN;
    }
    try {
      return new JsonObject(payload).getValue(VERSION) instanceof Number number
          ? number.longValue()
          : UNKNOWN;
    } catch (DecodeException _) {
      return UNKNOWN;
    }
  }

  private long version(Followed followed) {
    return instance(followed).map(Entry.LedgerInstance::version).orElse(0L);
  }

  private Optional<Entry.LedgerInstance> instance(Followed followed) {
    return ledgers.instance(followed.ledger, followed.scopeValue);
  }

  /** An instance has changed. */
  void changed(String key) {
    for (var each : followed.values()) {
      if (each.key().equals(key)) {
        tellNewer(each);
      }
    }
  }

  /** Sends what could not be sent before, if it is still new. */
  void sendOwed() {
    followed.values().forEach(this::tellNewer);
  }

  private void tellNewer(Followed each) {
    boolean inUse =
        ledgers.find(account, each.ledger.name()).filter(it -> !it.upstream()).isPresent();
    if (inUse && each.version != version(each)) {
      tell(each);
    }
  }

  private void tell(Followed each) {
    var instance = instance(each);
    String data = instance.map(Entry.LedgerInstance::data).orElse("{}");
    long version = version(each);
    // The data is JSON already.
    var payload = Buffer.buffer("{\"version\":" + version + ",\"data\":" + data + "}");
    if (send(each, payload)) {
      each.version = version;
    }
  }

  private void send(Followed each, JsonObject payload) {
    var _ = send(each, payload.toBuffer());
  }

  private boolean send(Followed each, Buffer payload) {
    boolean sent = sender.test(Message.cloud(LedgerTopic.set(each.ledger.name()), payload));
    if (!sent) {
      // Its version stays another than that of the instance: it is told with the next sweep.
      ledgers.isBehind(this);
    }
    return sent;
  }

  private Taken report(String name, Buffer payload) {
    if (ledgers.find(account, name).filter(Entry.Ledger::upstream).isEmpty()) {
      refuse(name, "unknown");
      return Taken.UNWANTED_REPORT;
    }
    String wrong = wrong(payload);
    if (wrong != null) {
      refuse(name, wrong);
      return Taken.BAD_REPORT;
    }
    return Taken.REPORT;
  }

  private static @Nullable String wrong(Buffer payload) {
    if (payload.length() > LedgersRequest.MAX_DATA_BYTES) {
      return "too_large";
    }
    try {
      var _ = new JsonObject(payload);
      return null;
    } catch (DecodeException | ClassCastException _) {
      return "not_an_object";
    }
  }

  private void refuse(String name, String error) {
    var payload = new JsonObject().put("error", error).toBuffer();
    var _ = sender.test(Message.cloud(LedgerTopic.refused(name), payload));
  }

  /** The connection is gone. */
  public void close() {
    followed.values().forEach(each -> ledgers.remove(each.key(), this));
    followed.clear();
    ledgers.isGone(this);
  }
}

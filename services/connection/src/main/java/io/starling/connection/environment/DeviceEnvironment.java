package io.starling.connection.environment;

import io.starling.connection.mqtt.Message;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.EnvScope;
import io.starling.directory.EnvIndex;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The environment variables of one connected device. Belongs to one event loop. */
public final class DeviceEnvironment {
  private static final String SET = "$cloud/env/set";
  private static final String REFUSED = "$cloud/env/refused";
  private static final int MAX_QUESTION_BYTES = 256;
  private static final int MAX_REPORT_BYTES = 16 * 1024;
  private static final String VERSION = "version";

  private final Environments environments;
  private final AccountId account;
  private final DeviceId device;
  private final Predicate<Message> sender;

  // for this connection
  private boolean asked;
  private String version = "";

  /**
   * A device that has asked for nothing yet.
   *
   * @param own in whose topic space it is
   * @param sender sends to the device, or says no
   */
  public DeviceEnvironment(
      Environments environments, AccountId own, DeviceId device, Predicate<Message> sender) {
    this.environments = environments;
    this.account = environments.whose(device, own);
    this.device = device;
    this.sender = sender;
  }

  /** What became of something that the device published. */
  public enum Taken {
    /** It was answered, or means nothing. */
    ANSWERED,
    /** It is a report that is to be kept. */
    REPORT,
    /** It is a report that is none. */
    BAD_REPORT
  }

  /** Takes what the device published to {@code $cloud/env/<action>}. */
  public Taken received(String action, Buffer payload) {
    return switch (action) {
      case "get" -> {
        get(payload);
        yield Taken.ANSWERED;
      }
      case "report" -> report(payload);
      default -> Taken.ANSWERED;
    };
  }

  private void get(Buffer payload) {
    asked = true;
    environments.add(account, this);
    version = version(payload);
    var now = rendered();
    if (now.version().equals(version)) {
      if (!send(SET, new JsonObject().put(VERSION, version))) {
        environments.isBehind(this);
      }
    } else {
      tell(now);
    }
  }

  /** The version that a device says it has. */
  private static String version(Buffer payload) {
    if (payload.length() == 0 || payload.length() > MAX_QUESTION_BYTES) {
      return "";
    }
    try {
      return new JsonObject(payload).getValue(VERSION) instanceof String text ? text : "";
    } catch (DecodeException | ClassCastException _) {
      return "";
    }
  }

  private EnvIndex.Rendered rendered() {
    return environments.rendered(environments.scopes(account, device));
  }

  /** What is set for a scope of its account has changed. */
  void changed(EnvScope scope) {
    if (environments.scopes(account, device).contains(scope)) {
      tellNewer();
    }
  }

  /** Tells it what it has not been told. */
  void tellNewer() {
    var now = rendered();
    if (asked && !now.version().equals(version)) {
      tell(now);
    }
  }

  private void tell(EnvIndex.Rendered now) {
    var variables = new JsonObject();
    now.variables().forEach(variables::put);
    if (send(SET, new JsonObject().put(VERSION, now.version()).put("env", variables))) {
      version = now.version();
    } else {
      // Its version stays another one: it is told with the next sweep.
      environments.isBehind(this);
    }
  }

  private boolean send(String topic, JsonObject payload) {
    return sender.test(Message.cloud(topic, payload.toBuffer()));
  }

  private Taken report(Buffer payload) {
    String wrong = wrong(payload);
    if (wrong == null) {
      return Taken.REPORT;
    }
    var _ = send(REFUSED, new JsonObject().put("error", wrong));
    return Taken.BAD_REPORT;
  }

  private static @Nullable String wrong(Buffer payload) {
    if (payload.length() > MAX_REPORT_BYTES) {
      return "too_large";
    }
    try {
      return new JsonObject(payload)
              .stream().map(Map.Entry::getValue).allMatch(String.class::isInstance)
          ? null
          : "not_texts";
    } catch (DecodeException | ClassCastException _) {
      return "not_an_object";
    }
  }

  /** The connection is gone. */
  public void close() {
    environments.isGone(account, this);
  }
}

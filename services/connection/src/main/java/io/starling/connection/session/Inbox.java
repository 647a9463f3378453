package io.starling.connection.session;

import io.starling.connection.command.Claims;
import io.starling.connection.command.CloudTopic;
import io.starling.connection.command.DeviceCommands;
import io.starling.connection.command.Vitals;
import io.starling.connection.credential.Client;
import io.starling.connection.delivery.Outbox;
import io.starling.connection.environment.DeviceEnvironment;
import io.starling.connection.ledger.DeviceLedgers;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Message;
import io.starling.connection.publish.PublishFlow;
import io.starling.connection.publish.TopicRules;
import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Properties;
import io.starling.contract.EnvRequest;
import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Sorts what one client publishes by its topic. Belongs to one event loop. */
final class Inbox {
  private static final String VITALS_EVENT = "spark/device/diagnostics/update";

  private final Client client;
  private final PublishFlow flow;
  private final Outbox outbox;
  private final Supplier<DeviceCommands> commands;
  private final Supplier<DeviceLedgers> ledgers;
  private final Supplier<DeviceEnvironment> environment;
  private final Claims claims;
  private final Consumer<CloseReason> end;
  private final long sinceNanos = System.nanoTime();

  /** For one session; {@code end} ends it. */
  Inbox(
      Client client,
      PublishFlow flow,
      Outbox outbox,
      Supplier<DeviceCommands> commands,
      Supplier<DeviceLedgers> ledgers,
      Supplier<DeviceEnvironment> environment,
      Claims claims,
      Consumer<CloseReason> end) {
    this.client = client;
    this.flow = flow;
    this.outbox = outbox;
    this.commands = commands;
    this.ledgers = ledgers;
    this.environment = environment;
    this.claims = claims;
    this.end = end;
  }

  void publish(Packet.Publish publish, long nowMillis) {
    if (flow.admit(publish)) {
      switch (TopicRules.kindOf(publish.topic())) {
        case EVENT -> event(publish, nowMillis);
        case RESERVED -> flow.refuseReserved(publish);
        case CLOUD -> toCloud(publish, nowMillis);
        case OTHER -> flow.took(publish);
        case INVALID -> end.accept(CloseReason.TOPIC_NAME_INVALID);
      }
    }
  }

  private void event(Packet.Publish publish, long nowMillis) {
    if (flow.author().mayPublish(publish.topic())) {
      flow.append(publish, publish.topic(), nowMillis);
    } else {
      flow.refuseForbidden(publish);
    }
  }

  private void vitals(Packet.Publish publish, CloudTopic topic, Vitals vitals, long nowMillis) {
    var roundTrip =
        topic.rest().isEmpty()
            ? OptionalLong.empty()
            : commands.get().toldVitals(topic, publish.payload());
    long uptime = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
    var event =
        new Packet.Publish(
            publish.duplicate(),
            publish.qos(),
            false,
            publish.topic(),
            publish.packetId(),
            Properties.NONE,
            vitals.event(uptime, flow.published(), roundTrip));
    flow.append(event, VITALS_EVENT, nowMillis);
  }

  private void toCloud(Packet.Publish publish, long nowMillis) {
    if (!(client instanceof Client.OfDevice device)) {
      flow.took(publish);
      return;
    }
    var topic = CloudTopic.of(publish.topic());
    if (topic.verb().equals(CloudTopic.VITALS)) {
      Vitals.read(publish.payload())
          .ifPresentOrElse(
              vitals -> vitals(publish, topic, vitals, nowMillis),
              () -> flow.refuseUnreadable(publish));
      return;
    }
    if (topic.verb().equals(CloudTopic.LEDGER)) {
      toLedger(publish, topic.rest(), nowMillis);
      return;
    }
    if (topic.verb().equals(CloudTopic.ENVIRONMENT)) {
      toEnvironment(publish, topic.rest(), nowMillis);
      return;
    }
    flow.took(publish);
    if (topic.verb().equals(CloudTopic.TIME) && topic.rest().isEmpty()) {
      var seconds = Buffer.buffer(Long.toString(nowMillis / 1_000));
      outbox.deliver(Message.cloud(CloudTopic.time(), seconds));
    } else if (topic.verb().equals(CloudTopic.CLAIM) && topic.rest().isEmpty()) {
      claims
          .show(device.id(), publish.payload())
          .onSuccess(told -> outbox.deliver(Message.cloud(CloudTopic.claim(), told)));
    } else {
      commands.get().received(topic, publish.payload());
    }
  }

  /** A report is an event here, too. */
  private void toEnvironment(Packet.Publish publish, String action, long nowMillis) {
    switch (environment.get().received(action, publish.payload())) {
      case ANSWERED -> flow.took(publish);
      case REPORT -> flow.append(publish, EnvRequest.REPORT, nowMillis);
      case BAD_REPORT -> flow.refuseMalformed(publish);
    }
  }

  /** A report is an event, and acknowledged as one. */
  private void toLedger(Packet.Publish publish, String rest, long nowMillis) {
    switch (ledgers.get().received(rest, publish.payload())) {
      case ANSWERED -> flow.took(publish);
      case REPORT -> flow.append(publish, DeviceLedgers.eventName(rest), nowMillis);
      case UNWANTED_REPORT -> flow.refuseForbidden(publish);
      case BAD_REPORT -> flow.refuseMalformed(publish);
    }
  }
}

package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets.Will;
import io.starling.testing.wire.MqttVersion;
import io.starling.testing.wire.Properties;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a virtual device behaves. Start from {@link #of} and change what matters with the {@code
 * with…} methods.
 *
 * @param others further nodes of the same cloud: after a loss or a failure the next one is tried
 * @param will published by the server when the connection ends without DISCONNECT
 * @param backoff null: a lost connection is not tried again
 * @param insists comes back also when its session was taken over: for a device that knows that
 *     nobody but itself could have done so, with an attempt that it had given up
 */
public record DeviceOptions(
    Target target,
    List<Target> others,
    Credentials credentials,
    Session session,
    Sending sending,
    @Nullable Will will,
    @Nullable Backoff backoff,
    boolean insists) {
  public DeviceOptions {
    others = List.copyOf(others);
  }

  /**
   * How the device introduces itself.
   *
   * @param expirySeconds MQTT 5 only: how long the server keeps the session after the connection
   * @param acknowledges false: what arrives is handed on but never acknowledged
   * @param connectTimeout until the TCP connection stands, and again until CONNACK
   */
  public record Session(
      String clientId,
      MqttVersion version,
      boolean cleanStart,
      int expirySeconds,
      int keepAliveSeconds,
      boolean acknowledges,
      Properties properties,
      Duration connectTimeout) {}

  /**
   * How the device publishes.
   *
   * @param maxInFlight QoS 1 and 2 without an answer; a lower receive maximum of the server wins
   * @param maxWaiting behind those, or for a connection; a publish beyond fails at once
   * @param redelivers true: what a lost connection left unanswered is sent again, in order, with
   *     DUP where the server kept the session; false: it fails
   */
  public record Sending(int maxInFlight, int maxWaiting, boolean redelivers) {}

  /**
   * MQTT 3.1.1, client id = device id, clean start, keep alive 60 s, 16 in flight, 1,000 waiting,
   * connecting again.
   */
  public static DeviceOptions of(Target target, Credentials credentials) {
    var session =
        new Session(
            credentials.id(),
            MqttVersion.V3_1_1,
            true,
            0,
            60,
            true,
            Properties.NONE,
            Duration.ofSeconds(10));
    var sending = new Sending(16, 1_000, false);
    return new DeviceOptions(
        target, List.of(), credentials, session, sending, null, Backoff.DEFAULT, false);
  }

  public DeviceOptions withTarget(Target other) {
    return new DeviceOptions(other, others, credentials, session, sending, will, backoff, insists);
  }

  /** With further nodes, one of which is tried after the other. */
  public DeviceOptions withOthers(List<Target> further) {
    return new DeviceOptions(
        target, further, credentials, session, sending, will, backoff, insists);
  }

  /** With another limit for the TCP connection, and again for CONNACK. */
  public DeviceOptions withConnectTimeout(Duration limit) {
    var s = session;
    return withSession(
        new Session(
            s.clientId,
            s.version,
            s.cleanStart,
            s.expirySeconds,
            s.keepAliveSeconds,
            s.acknowledges,
            s.properties,
            limit));
  }

  /** The node for the attempt of this number, counted from 0. */
  Target target(int attempt) {
    var at = attempt % (1 + others.size());
    return at == 0 ? target : others.get(at - 1);
  }

  public DeviceOptions withVersion(MqttVersion version) {
    var s = session;
    return withSession(
        new Session(
            s.clientId,
            version,
            s.cleanStart,
            s.expirySeconds,
            s.keepAliveSeconds,
            s.acknowledges,
            s.properties,
            s.connectTimeout));
  }

  public DeviceOptions withClientId(String clientId) {
    var s = session;
    return withSession(
        new Session(
            clientId,
            s.version,
            s.cleanStart,
            s.expirySeconds,
            s.keepAliveSeconds,
            s.acknowledges,
            s.properties,
            s.connectTimeout));
  }

  /** A session that outlives its connection: no clean start, and in MQTT 5 this expiry. */
  public DeviceOptions withPersistentSession(int expirySeconds) {
    var s = session;
    return withSession(
        new Session(
            s.clientId,
            s.version,
            false,
            expirySeconds,
            s.keepAliveSeconds,
            s.acknowledges,
            s.properties,
            s.connectTimeout));
  }

  public DeviceOptions withKeepAliveSeconds(int keepAliveSeconds) {
    var s = session;
    return withSession(
        new Session(
            s.clientId,
            s.version,
            s.cleanStart,
            s.expirySeconds,
            keepAliveSeconds,
            s.acknowledges,
            s.properties,
            s.connectTimeout));
  }

  /** Hands on what arrives but never acknowledges it. */
  public DeviceOptions withoutAcknowledging() {
    var s = session;
    return withSession(
        new Session(
            s.clientId,
            s.version,
            s.cleanStart,
            s.expirySeconds,
            s.keepAliveSeconds,
            false,
            s.properties,
            s.connectTimeout));
  }

  public DeviceOptions withSession(Session other) {
    return new DeviceOptions(target, others, credentials, other, sending, will, backoff, insists);
  }

  public DeviceOptions withMaxInFlight(int maxInFlight) {
    return withSending(new Sending(maxInFlight, sending.maxWaiting, sending.redelivers));
  }

  public DeviceOptions withMaxWaiting(int maxWaiting) {
    return withSending(new Sending(sending.maxInFlight, maxWaiting, sending.redelivers));
  }

  /** Sends again what a lost connection left unanswered. */
  public DeviceOptions redelivering() {
    return withSending(new Sending(sending.maxInFlight, sending.maxWaiting, true));
  }

  public DeviceOptions withSending(Sending other) {
    return new DeviceOptions(target, others, credentials, session, other, will, backoff, insists);
  }

  public DeviceOptions withWill(Will other) {
    return new DeviceOptions(
        target, others, credentials, session, sending, other, backoff, insists);
  }

  public DeviceOptions withBackoff(Backoff other) {
    return new DeviceOptions(target, others, credentials, session, sending, will, other, insists);
  }

  /** Comes back also when its session was taken over. */
  public DeviceOptions insisting() {
    return new DeviceOptions(target, others, credentials, session, sending, will, backoff, true);
  }

  /** A lost connection stays lost. */
  public DeviceOptions withoutReconnect() {
    return new DeviceOptions(target, others, credentials, session, sending, will, null, insists);
  }
}

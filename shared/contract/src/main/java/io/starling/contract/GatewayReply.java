package io.starling.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What gateways answer. */
public sealed interface GatewayReply extends BusMessage {

  /** The device is not connected here with that epoch: look it up again, once. */
  @Wire("gateway.moved")
  record Moved()
      implements CallReply, ReadReply, DescribeReply, PingReply, SignalReply, VitalsReply {}

  /** The device did not answer in time. */
  @Wire("gateway.silent")
  record Silent() implements CallReply, ReadReply, PingReply, VitalsReply {}

  /** The device has told what it offers, and this is not among it. */
  @Wire("gateway.not-offered")
  record NotOffered() implements CallReply, ReadReply {}

  /** The device answered with an error of its own. */
  @Wire("gateway.device-error")
  record DeviceError(String message) implements CallReply, ReadReply {}

  /** Too many requests wait for this device. */
  @Wire("gateway.busy")
  record Busy() implements CallReply, ReadReply, PingReply, SignalReply, VitalsReply {}

  /** The answer to a call. */
  sealed interface CallReply extends GatewayReply {}

  /** What the function returned. */
  @Wire("gateway.returned")
  record Returned(int value) implements CallReply {}

  /** The answer to reading a variable. */
  sealed interface ReadReply extends GatewayReply {}

  /**
   * The variable's value.
   *
   * @param json a JSON value: number, string, boolean, or an object
   */
  @Wire("gateway.value")
  record Value(String json) implements ReadReply {}

  /** The answer to describing. */
  sealed interface DescribeReply extends GatewayReply {}

  /**
   * What a device said of itself.
   *
   * @param variables type by name: int32, double, string, bool
   */
  @Wire("gateway.description")
  record Description(
      List<String> functions,
      Map<String, String> variables,
      @Nullable String platform,
      @Nullable Integer product,
      @Nullable Integer firmwareVersion,
      @Nullable String firmwareHash)
      implements DescribeReply {
    /** A device that has said nothing yet. */
    public static final Description NONE =
        new Description(List.of(), Map.of(), null, null, null, null);
  }

  /** The answer to finding. */
  sealed interface FindReply extends GatewayReply {}

  /** Those that are; of a device that several gateways hold the highest epoch owns it. */
  @Wire("gateway.held")
  record Held(List<HeldSession> sessions) implements FindReply {}

  /**
   * A device's session.
   *
   * @param lastHeardMillis when anything came from it, milliseconds since 1970
   * @param keepAliveSeconds within one and a half times of which something comes; 0: none
   * @param address the client's address, without port
   */
  record HeldSession(
      DeviceId device, long epoch, long lastHeardMillis, int keepAliveSeconds, String address) {}

  /** The answer to a ping. */
  sealed interface PingReply extends GatewayReply {}

  /** The device is there. */
  @Wire("gateway.pong")
  record Pong() implements PingReply {}

  /** The answer to asking for vitals. */
  sealed interface VitalsReply extends GatewayReply {}

  /** The device has told them. */
  @Wire("gateway.vitals-told")
  record VitalsTold() implements VitalsReply {}

  /** The answer to a signal. */
  sealed interface SignalReply extends GatewayReply {}

  /** The signal went out. */
  @Wire("gateway.signaled")
  record Signaled() implements SignalReply {}
}

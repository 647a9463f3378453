package io.starling.contract;

import java.util.List;

/**
 * What a gateway answers for the devices that are connected to it, at {@code gateway.<gateway>}.
 * What asks something of a device names the epoch of the session that is meant; a gateway that
 * holds another one answers {@link GatewayReply.Moved}.
 */
public sealed interface GatewayRequest extends BusMessage, Addressed {

  /** The gateway that is asked. */
  String gateway();

  @Override
  default String address() {
    return "gateway." + gateway();
  }

  /**
   * Call a function of a device. Never sent twice: functions need not be idempotent.
   *
   * @param argument at most 1,024 bytes of UTF-8
   * @param timeoutMillis how long the device may take
   */
  @Wire("gateway.call")
  record CallFunction(
      String gateway,
      DeviceId device,
      long epoch,
      String function,
      String argument,
      long timeoutMillis)
      implements GatewayRequest, Request<GatewayReply.CallReply> {}

  /** Read a variable of a device. */
  @Wire("gateway.read")
  record ReadVariable(
      String gateway, DeviceId device, long epoch, String variable, long timeoutMillis)
      implements GatewayRequest, Request<GatewayReply.ReadReply> {}

  /** What the device said of itself when it connected. */
  @Wire("gateway.describe")
  record Describe(String gateway, DeviceId device, long epoch)
      implements GatewayRequest, Request<GatewayReply.DescribeReply> {}

  /** Ask the device whether it is there. */
  @Wire("gateway.ping")
  record Ping(String gateway, DeviceId device, long epoch, long timeoutMillis)
      implements GatewayRequest, Request<GatewayReply.PingReply> {}

  /** Ask the device for its vitals, which come as an event. */
  @Wire("gateway.update-vitals")
  record UpdateVitals(String gateway, DeviceId device, long epoch, long timeoutMillis)
      implements GatewayRequest, Request<GatewayReply.VitalsReply> {}

  /** Make the device show itself (blink), or stop it. */
  @Wire("gateway.signal")
  record Signal(String gateway, DeviceId device, long epoch, boolean on)
      implements GatewayRequest, Request<GatewayReply.SignalReply> {}

  /**
   * Which of these devices are connected there: asked of all gateways where no map can tell.
   *
   * @param devices a few hundred at most
   */
  @Wire("gateway.find")
  record Find(String gateway, List<DeviceId> devices)
      implements GatewayRequest, Request<GatewayReply.FindReply> {}

  /**
   * End every session of this client whose epoch is below the one given: it has connected
   * elsewhere. A hint.
   *
   * @param client the session key: a device's id, or for an app {@code account/client id}
   */
  @Wire("gateway.kick")
  record Kick(String gateway, String client, long belowEpoch) implements GatewayRequest {}
}
